import type { ExampleChange } from '../evaluation/scorecard.ts';
import type { Proposal } from '../optimization/proposal.ts';

export type ExampleChanges = {
  /** Worst first. */
  readonly lost: readonly ExampleChange[];
  /** Largest gain first. */
  readonly won: readonly ExampleChange[];
  /** Examples measured in both with the same objective. */
  readonly unchanged: number;
};

/** The test examples a proposal loses and wins. */
export function splitChanges({ changes, comparison }: Proposal): ExampleChanges {
  const lost = changes.filter((change) => gainOf(change) < 0).sort((a, b) => gainOf(a) - gainOf(b));
  const won = changes.filter((change) => gainOf(change) > 0).sort((a, b) => gainOf(b) - gainOf(a));
  const compared = comparison?.objective.n ?? changes.length;
  return { lost, won, unchanged: Math.max(0, compared - lost.length - won.length) };
}

/** head - base of an example's objective. */
export function gainOf({ base, head }: ExampleChange): number {
  return head.objective - base.objective;
}
