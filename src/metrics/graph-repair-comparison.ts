import { enumerate } from './feedback.ts';
import type { Repair } from './graph-repair-answer.ts';
import { factOf, type Outcome, sameEffect } from './graph-repair-outcome.ts';
import type { Given, GraphToRepair } from './graph-repair-reference.ts';
import type { Counts } from './metric.ts';
import type { Relationship } from './relationship.ts';

/** A given relationship and what became of it, null where nothing was decided. */
export type Settled = Given & { readonly outcome: Outcome | null };

/** A repair beside the reference. */
export type ComparedRepair = {
  readonly settled: readonly Settled[];
  /** Added as the reference has it. */
  readonly found: readonly Relationship[];
  /** Added although the reference does not have it, or has it once. */
  readonly needless: readonly Relationship[];
  /** In the reference, of no given relationship, and not added. */
  readonly missed: readonly Relationship[];
};

export function compareRepair({ given, missing }: GraphToRepair, repair: Repair): ComparedRepair {
  const missed = [...missing];
  const isFound = (added: Relationship) => {
    const at = missed.findIndex((each) => factOf(each) === factOf(added));
    return at >= 0 && missed.splice(at, 1).length > 0;
  };
  const { found = [], needless = [] } = Object.groupBy(repair.added, (added) =>
    isFound(added) ? 'found' : 'needless',
  );
  const settled = given.map((each, i) => ({ ...each, outcome: repair.outcomes[i] ?? null }));
  return { settled, found, needless, missed };
}

/** Whether the graph holds of a given relationship what it should. */
export function hasRightEffect({ needed, outcome }: Settled): boolean {
  return outcome !== null && sameEffect(outcome, needed);
}

/** The same by the same action: a relationship to be merged is not dropped. */
export function hasRightAction(settled: Settled): boolean {
  return hasRightEffect(settled) && settled.outcome?.action === settled.needed.action;
}

/** Changes made (`predicted`), needed (`expected`), and both; a relationship without a decision is a wrong change. */
export function countChanges({ settled, found, needless, missed }: ComparedRepair): Counts {
  const needed = settled.filter((each) => each.needed.action !== 'keep');
  const made = settled.filter(({ outcome }) => outcome?.action !== 'keep');
  return {
    hits: needed.filter(hasRightEffect).length + found.length,
    predicted: made.length + found.length + needless.length,
    expected: needed.length + found.length + missed.length,
  };
}

/** Given relationships, and those with the right action. */
export function countActions({ settled }: ComparedRepair): Counts {
  const hits = settled.filter(hasRightAction).length;
  return { hits, predicted: settled.length, expected: settled.length };
}

/** What is wrong with a repair, in words. */
export function describeRepair(
  { settled, needless, missed }: ComparedRepair,
  isRight: (settled: Settled) => boolean,
): string {
  const writing = ({ written }: Relationship) => written;
  return [
    enumerate(
      'wrong',
      settled.filter((each) => !isRight(each)),
      describeSettled,
    ),
    enumerate('added without need', needless, writing),
    enumerate('missing', missed, writing),
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function describeSettled({ number, relationship, needed, outcome }: Settled): string {
  const became = outcome === null ? 'has no decision' : `is ${describeOutcome(outcome)}`;
  return `${number}. ${relationship.written} ${became}, should be ${describeOutcome(needed)}`;
}

function describeOutcome(outcome: Outcome): string {
  switch (outcome.action) {
    case 'keep':
      return 'kept';
    case 'drop':
      return 'dropped';
    case 'merge':
      return 'merged with the one that says the same';
    case 'fix':
      return `fixed to ${outcome.fixed.written}`;
  }
}
