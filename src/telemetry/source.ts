import type { Cursor } from '../rollout/observation.ts';
import type { Tally } from './irregularities.ts';
import type { Signal } from './signal.ts';

/** A part of what a source has. */
export type SignalBatch = {
  readonly signals: readonly Signal[];
  /** They lie before the cursor: read only because later ones may belong to them. */
  readonly again: boolean;
  /** How far the source is read with this batch, entries of all its parts. */
  readonly cursor: Cursor;
  /** Keys of entries that the cursor had and that nothing needs any more. */
  readonly dropped?: readonly string[];
};

export type ReadOptions = {
  /** Milliseconds since 1970; parts of the source that ended before need not be read. */
  readonly since: number;
  /** How long after a call its scores may come, in milliseconds. */
  readonly window: number;
  readonly now: number;
  /**
   * Whether whoever reads still has the signals before the cursor in memory. Otherwise those of the last `window` come first, marked
   * as `again`.
   */
  readonly warm: boolean;
  /** Whether calls come with their details, which are far larger than the rest. */
  readonly details: boolean;
  readonly tally: Tally;
};

/** Where telemetry comes from. Nothing in it is fatal: what cannot be read is counted and named in the tally. */
export type TelemetrySource = {
  /** For people. */
  readonly name: string;
  /** What has come since the cursor, in order, in parts of bounded size. Entries of other sources in the cursor are passed over. */
  read(after: Cursor, options: ReadOptions): AsyncIterable<SignalBatch>;
};
