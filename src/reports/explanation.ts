import type { Scorecard } from '../evaluation/scorecard.ts';
import type { Proposal } from '../optimization/proposal.ts';
import { earningNotes, earningSentences } from './earnings.ts';
import { describeTally, type ExampleChanges, gainOf } from './example-changes.ts';
import { describeDescent } from './lineage.ts';
import { formatDifference, formatDollars } from './numbers.ts';
import { diffWords, type WordRun } from './word-diff.ts';

/** Lost examples that are named. */
const NAMED = 3;

/** What a reviewer reads first of a proposal, after its verdict. Texts are raw. */
export type Explanation = {
  /** What changed, a sentence each. */
  readonly changes: readonly string[];
  /** The instruction, rules included; empty when it stays. */
  readonly wording: readonly WordRun[];
  /** What each change earns, a sentence each. */
  readonly earnings: readonly string[];
  readonly earningNotes: readonly string[];
  /** How many examples were lost and won, and which were lost most; null without a comparison. */
  readonly examples: string | null;
  /** How the version was found, from the last step back to the first. */
  readonly descent: string | null;
};

/** Null where the search left nothing to explain. */
export function explanationOf(proposal: Proposal, changes: ExampleChanges | null): Explanation | null {
  const { search, explanation, ablation, base, head } = proposal;
  const picked = search.candidates.find(({ fate }) => fate === 'picked');
  if (!picked || !head) return null;
  const was = search.candidates.find(({ id }) => id === 0);
  return {
    changes: [...explanation, ...(base ? costGrowth(base, head) : [])],
    wording: was ? diffWords(was.choices.instruction, picked.choices.instruction) : [],
    earnings: ablation ? earningSentences(ablation) : [],
    earningNotes: ablation ? earningNotes(ablation) : [],
    examples: changes && describeExamples(changes),
    descent: describeDescent(search.candidates),
  };
}

function describeExamples(changes: ExampleChanges): string {
  const worst = changes.lost
    .slice(0, NAMED)
    .map((change) => `${change.example} (${formatDifference(gainOf(change), 'ratio')})`);
  return `${describeTally(changes)}.${worst.length === 0 ? '' : ` Lost most: ${worst.join(', ')}.`}`;
}

function costGrowth(base: Scorecard, head: Scorecard): readonly string[] {
  const [before, after] = [usdOfCall(base), usdOfCall(head)];
  if (before === null || after === null || formatDollars(before) === formatDollars(after)) return [];
  return [`A call costs ${formatDollars(after)} where it cost ${formatDollars(before)}.`];
}

/** Of an answer, dollars; null where the price is not known or no call was made. */
function usdOfCall({ usage: { usd, calls } }: Scorecard): number | null {
  return usd === null || calls === 0 ? null : usd / calls;
}
