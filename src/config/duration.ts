import { z } from 'zod';

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Ten years: nothing looks back further, and some of them together are still within what a date can be. */
const LONGEST_DAYS = 3650;

/** `45s`, `30m`, `1h`, `1d`; at most ten years. */
export const duration = z
  .string()
  .regex(/^\d+(s|m|h|d)$/, { error: 'Give a whole number with s, m, h or d, as in "30m"', abort: true })
  .refine((text) => millisecondsOf(text) <= millisecondsOf(`${LONGEST_DAYS}d`), {
    error: `must be ${LONGEST_DAYS}d or less`,
    abort: true,
  });

/** Milliseconds that a timer of Node waits at the most; a longer one ends at once. */
export const LONGEST_TIMER = 2 ** 31 - 1;

/** A {@link duration} that a timer can wait for. */
export const waitingTime = duration.refine(
  (text) => millisecondsOf(text) <= millisecondsOf('1d'),
  'must be 1d or less',
);

/** Milliseconds of what {@link duration} takes. */
export function millisecondsOf(text: string): number {
  return Number(text.slice(0, -1)) * (units[text.slice(-1)] ?? 0);
}
