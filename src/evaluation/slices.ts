import { benjaminiHochberg } from '../statistics/multiplicity.ts';
import type { SamplePair, Unjudged } from './compare.ts';
import type { SliceComparison } from './scorecard.ts';
import { leastPairs, verdictOf } from './verdict.ts';

/** More tags than this are ids, not slices; the largest are kept. */
const MOST_SLICES = 50;

/**
 * Compares the objective on the examples of each tag that has enough of them. The p-values are adjusted together, so that of the
 * slices called different at most 5% are so by chance (Benjamini and Hochberg's false discovery rate).
 *
 * @param tags by example
 */
export function compareSlices(
  pairs: readonly SamplePair[],
  tags: ReadonlyMap<string, readonly string[]>,
  compare: (tag: string, pairs: readonly SamplePair[]) => Unjudged,
): SliceComparison[] {
  const byTag = new Map<string, SamplePair[]>();
  for (const pair of pairs) {
    for (const tag of new Set(tags.get(pair.head.example))) {
      const members = byTag.get(tag) ?? [];
      members.push(pair);
      byTag.set(tag, members);
    }
  }
  const compared = [...byTag]
    // A tag that every example has is no slice.
    .filter(([, members]) => members.length >= leastPairs && members.length < pairs.length)
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, MOST_SLICES)
    .map(([tag, members]) => ({ tag, ...compare(tag, members) }))
    .filter(({ p }) => p !== null)
    .sort((a, b) => (a.tag < b.tag ? -1 : 1));
  const adjusted = benjaminiHochberg(compared.map(({ p }) => p ?? 1));
  return compared.map((slice, index) => {
    const adjustedP = adjusted[index] ?? null;
    const verdict = verdictOf(slice, adjustedP, { direction: 'higher', unreliable: false });
    return { ...slice, adjustedP, verdict };
  });
}
