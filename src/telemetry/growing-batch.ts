import type { Cursor } from '../rollout/observation.ts';
import type { Signal } from './signal.ts';

/** A batch to which more is added. */
export type GrowingBatch = { readonly signals: Signal[]; readonly again: boolean; cursor: Cursor };

/** Milliseconds of events that a batch spans: what belongs together may lie in several parts, which are read by turns. */
const BATCH_SPAN = 1000;

/** Whether signals may be added to a batch. */
export function fits(batch: GrowingBatch, again: boolean, signals: readonly Signal[]): boolean {
  const [first, next] = [batch.signals[0], signals[0]];
  return batch.again === again && (!first || !next || Math.abs(next.at - first.at) < BATCH_SPAN);
}
