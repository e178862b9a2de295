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

/** Reads all sources at once, so that one that does not answer keeps nobody waiting twice. */
export async function readCounters(
  sources: readonly CounterSource[],
  after: Cursor,
  options: Omit<CounterReadOptions, 'slice'>,
): Promise<CountersRead> {
  const parts = await Promise.all(sources.map((source) => readSource(source, after, options)));
  return {
    counters: parts.flatMap(({ counters }) => counters),
    samples: parts.reduce((sum, { samples }) => sum + samples, 0),
    from: Math.min(...parts.map(({ from }) => from)),
    to: Math.max(...parts.map(({ to }) => to)),
    cursor: Object.assign({}, ...parts.map(({ cursor }) => cursor)),
    more: parts.some(({ more }) => more),
  };
}

async function readSource(
  source: CounterSource,
  after: Cursor,
  options: Omit<CounterReadOptions, 'slice'>,
): Promise<CountersRead> {
  const counters: CounterReading[] = [];
  let cursor: Cursor = {};
  let [samples, from, to, slices] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for await (const batch of source.read(after, { ...options, slice: LONGEST_SLICE })) {
    if (batch.counters !== null) counters.push(batch.counters);
    if (batch.samples > 0) {
      from = Math.min(from, batch.from);
      to = Math.max(to, batch.until);
    }
    samples += batch.samples;
    cursor = batch.cursor;
    slices += 1;
    if (slices === MOST_SLICES) break;
  }
  return { counters, samples, from, to, cursor, more: slices === MOST_SLICES };
}
