import type { ParsedAnswer } from '../formats/format.ts';
import {
  type Decision,
  decisionOf,
  exactRelationshipOf,
  factOf,
  type Outcome,
  outcomeFor,
} from './graph-repair-outcome.ts';
import type { Given, GraphToRepair, RepairFields } from './graph-repair-reference.ts';
import { endless, type Relationship } from './relationship.ts';

/** What an answer makes of a graph. */
export type Repair = {
  /** Of each given relationship, in their order; null where nothing was decided. */
  readonly outcomes: readonly (Outcome | null)[];
  /** In the graph now, and of no given relationship. */
  readonly added: readonly Relationship[];
};

/**
 * The repair by an answer's decisions or, where it holds none, by its graph; null where it has neither list. An empty
 * graph is no repair either, unless nothing should be left: it would be right about all that had to go.
 */
export function repairOf(
  value: ParsedAnswer['value'],
  graph: GraphToRepair,
  fields: RepairFields,
): Repair | null {
  const [decisions, repaired] = [value?.[fields.decisions], value?.[fields.field]];
  if (Array.isArray(decisions)) return repairByDecisions(decisions, graph);
  if (!Array.isArray(repaired) || (repaired.length === 0 && leavesAnything(graph))) return null;
  return repairByGraph(repaired, graph);
}

function leavesAnything({ given, missing }: GraphToRepair): boolean {
  return (
    missing.length > 0 || given.some(({ needed }) => needed.action === 'keep' || needed.action === 'fix')
  );
}

/** The first decision on a number counts. One to keep or to fix a number that was not given adds what it says. */
function repairByDecisions(items: readonly unknown[], { given }: GraphToRepair): Repair {
  const decisions = items.map(decisionOf).filter((decision) => decision !== null);
  const byNumber = new Map<number, Decision>(
    decisions.toReversed().map((decision) => [decision.number, decision]),
  );
  const numbers = new Set(given.map(({ number }) => number));
  return {
    outcomes: given.map(({ number, relationship }) => {
      const decision = byNumber.get(number);
      return decision ? outcomeFor(relationship, decision.outcome) : null;
    }),
    added: decisions
      .filter(({ number, outcome }) => !numbers.has(number) && ['keep', 'fix'].includes(outcome.action))
      .flatMap(({ written }) => written ?? []),
  };
}

/**
 * A given relationship that the graph holds was kept; one that it holds only as it should be was fixed; the others are gone.
 * A relationship of no given one is what became of one that should not have gone, as long as there are such.
 */
function repairByGraph(items: readonly unknown[], { given, missing }: GraphToRepair): Repair {
  const rest = items.map((item) => exactRelationshipOf(item) ?? endless(item));
  const indexOf = (wanted: Relationship) => rest.findIndex((each) => factOf(each) === factOf(wanted));
  const take = (wanted: Relationship) => {
    const at = indexOf(wanted);
    return at >= 0 && rest.splice(at, 1).length > 0;
  };
  const outcomes: (Outcome | null)[] = given.map(() => null);
  const settle = (outcomeOf: (each: Given) => Outcome | null) => {
    for (const [i, each] of given.entries()) outcomes[i] ??= outcomeOf(each);
  };
  // What is in the graph once is there for the relationship that should be, whichever else says the same.
  settle(({ relationship, needed }) => (needed.action === 'keep' && take(relationship) ? needed : null));
  settle(({ relationship, needed }) => {
    return needed.action === 'fix' && indexOf(relationship) < 0 && take(needed.fixed) ? needed : null;
  });
  settle(({ relationship }) => (take(relationship) ? { action: 'keep' } : null));
  const found = missing.filter(take);
  settle(({ relationship, needed }) => {
    if (needed.action === 'drop' || needed.action === 'merge') return needed;
    const near = rest.findIndex(({ ends }) => ends.some((end) => relationship.ends.includes(end)));
    const [fixed] = rest.splice(Math.max(near, 0), 1);
    return fixed ? { action: 'fix', fixed } : { action: 'drop' };
  });
  return { outcomes, added: [...found, ...rest] };
}
