import type { CounterReading, Cursor } from '../rollout/observation.ts';
import type { CounterReadOptions, CounterSource } from './counter-source.ts';

/** Milliseconds that are judged as one batch, where reading has fallen behind. */
const LONGEST_SLICE = 5 * 60_000;

/** Slices of one metric that one reading takes: some eight hours. */
const MOST_SLICES = 100;

/** What counters gave since a cursor. */
type CountersRead = {
  /** Of one metric, in the order of time. */
  readonly counters: readonly CounterReading[];
  readonly samples: number;
  /** When the samples were, milliseconds since 1970; infinite, the wrong way round, where there are none. */
  readonly from: number;
  readonly to: number;
  /** Entries of the counters alone. */
  readonly cursor: Cursor;
  /** Whether there is more than one reading takes. */
  readonly more: boolean;
};

export async function readCounters(
  sources: readonly CounterSource[],
  after: Cursor,
  options: Omit<CounterReadOptions, 'slice'>,
): Promise<CountersRead> {
  const counters: CounterReading[] = [];
  const cursor: Record<string, string> = {};
  let [samples, from, to, more] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, false];
  for (const source of sources) {
    let slices = 0;
    for await (const batch of source.read(after, { ...options, slice: LONGEST_SLICE })) {
      if (batch.counters !== null) counters.push(batch.counters);
      if (batch.samples > 0) {
        from = Math.min(from, batch.from);
        to = Math.max(to, batch.until);
      }
      samples += batch.samples;
      Object.assign(cursor, batch.cursor);
      slices += 1;
      if (slices < MOST_SLICES) continue;
      more = true;
      break;
    }
  }
  return { counters, samples, from, to, cursor, more };
}
