import type { Counts } from './metric.ts';
import { addCounts } from './precision-recall.ts';
import type { Relationship } from './relationship.ts';

/** What two relationships must share to be the same. */
export type Sameness = { readonly directed: boolean; readonly typed: boolean };

export type RelationshipMatching = {
  readonly found: readonly Relationship[];
  readonly missed: readonly Relationship[];
  readonly spurious: readonly Relationship[];
  /** Said more often than the reference says it and than it has kinds. */
  readonly repeated: readonly Relationship[];
};

/**
 * Compares relationships as facts: those that are the same are one fact, found or missed once, however often the
 * lists name it. A fact may be named as often as the reference does, or once for each of its kinds; further
 * repetitions are errors. The order of the lists does not matter.
 */
export function matchRelationships(
  expected: readonly Relationship[],
  predicted: readonly Relationship[],
  sameness: Sameness,
): RelationshipMatching {
  const wanted = Map.groupBy(expected, (relationship) => factOf(relationship, sameness));
  const given = Map.groupBy(predicted, (relationship) => factOf(relationship, sameness));
  const firsts = (facts: [string, Relationship[]][]) => facts.flatMap(([, namings]) => namings.slice(0, 1));
  return {
    found: firsts([...given].filter(([fact]) => wanted.has(fact))),
    missed: firsts([...wanted].filter(([fact]) => !given.has(fact))),
    spurious: firsts([...given].filter(([fact]) => !wanted.has(fact))),
    repeated: [...given].flatMap(([fact, namings]) => {
      const kinds = new Set(namings.map(({ relation }) => relation)).size;
      return namings.slice(Math.max(kinds, wanted.get(fact)?.length ?? 0));
    }),
  };
}

/** Counts by kind of relationship, or under `''` where kinds are not compared. */
export function countByRelation(
  { found, missed, spurious, repeated }: RelationshipMatching,
  { typed }: Sameness,
): Record<string, Counts> {
  const counts = new Map<string, Counts>();
  const add = (relationships: readonly Relationship[], count: Counts) => {
    for (const { relation } of relationships) {
      const kind = typed ? relation : '';
      counts.set(kind, addCounts(counts.get(kind) ?? { hits: 0, predicted: 0, expected: 0 }, count));
    }
  };
  add(found, { hits: 1, predicted: 1, expected: 1 });
  add(missed, { hits: 0, predicted: 0, expected: 1 });
  add([...spurious, ...repeated], { hits: 0, predicted: 1, expected: 0 });
  return Object.fromEntries(counts);
}

/** The two ends of a relationship in either direction, as one text. */
export function pairOf({ ends }: Relationship): string {
  return JSON.stringify(ends.toSorted());
}

function factOf(relationship: Relationship, { directed, typed }: Sameness): string {
  const pair = directed ? JSON.stringify(relationship.ends) : pairOf(relationship);
  return typed ? JSON.stringify([pair, relationship.relation]) : pair;
}
