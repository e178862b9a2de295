import { setTimeout as delay } from 'node:timers/promises';
import { mayHaveHappened, statusOf } from './failures.ts';

/** Seconds before looking again, after the first, second and third failure. */
const waits = [1, 4, 10];

/** Of the request that creates: it must not be sent twice without a look in between. */
export const unrepeated = { retries: 0 } as const;

/**
 * Creates a thing unless it is there. A request that failed may have had its effect, and another run may be at the same work, so that each
 * try looks first: neither a cut connection, nor a run that was killed, nor two at once leave two things.
 */
export async function createOnce<T>(
  find: () => Promise<T | null>,
  create: () => Promise<T>,
  pauses: readonly number[] = waits,
): Promise<T> {
  const found = await find();
  if (found !== null) return found;
  const [seconds, ...later] = pauses;
  try {
    return await create();
  } catch (error) {
    // Refused because it exists, made by another run in between: the next look finds it.
    const isRefused = statusOf(error) === 422;
    if (seconds === undefined || !(isRefused || mayHaveHappened(error))) throw error;
    await delay(isRefused ? 0 : 1000 * seconds);
    return createOnce(find, create, isRefused ? [] : later);
  }
}
