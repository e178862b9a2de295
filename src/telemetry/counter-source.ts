import type { CounterReading, Cursor } from '../rollout/observation.ts';
import type { Tally } from './irregularities.ts';
import type { Comparison } from './join/join.ts';

/** What the counters of one metric grew by in a slice of time. */
export type CounterBatch = {
  /** Null where they did not grow. */
  readonly counters: CounterReading | null;
  /** Samples that were counted. */
  readonly samples: number;
  /** The slice: after `from`, up to and with `until`; milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
  /** How far the metric is counted with this, in an entry of its own. */
  readonly cursor: Cursor;
};

export type CounterReadOptions = {
  readonly comparison: Comparison;
  readonly now: number;
  /** The longest time that is counted as one batch, in milliseconds. */
  readonly slice: number;
  readonly tally: Tally;
};

/** Where calls of one metric are counted, without users. What cannot be read is counted and named in the tally, and read later. */
export type CounterSource = {
  /** As the plan names it. */
  readonly metric: string;
  /** What was counted since the cursor and since the step began, in order; entries of other sources in the cursor are passed over. */
  read(after: Cursor, options: CounterReadOptions): AsyncIterable<CounterBatch>;
};
