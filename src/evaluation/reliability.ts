import type { Scorecard } from './scorecard.ts';

/** A version that failed on more of its examples than this is not known by the others. */
const tolerableFailures = 0.2;

/** Whether too many of a scorecard's examples failed for the others to speak for its version. */
export function isUnreliable({ failures, results }: Pick<Scorecard, 'failures' | 'results'>): boolean {
  return failures.length > tolerableFailures * Math.max(1, results.length);
}
