import type { Mention } from './mention.ts';
import type { Counts } from './metric.ts';
import { addCounts } from './precision-recall.ts';

/**
 * When two mentions agree, after the four schemes of SemEval-2013 task 9 (nervaluate's names in brackets):
 * `name` the same tokens (exact), `name_and_type` both (strict), `partial` the same tokens, or half a hit for
 * enough shared ones (partial), `type` the type and enough shared tokens (ent_type).
 */
export type MatchScheme = 'name' | 'name_and_type' | 'partial' | 'type';

export type Pair = {
  readonly expected: Mention;
  readonly predicted: Mention;
  /** 1 a hit, 0.5 half a hit, 0 the same thing but wrong under the scheme. */
  readonly credit: 0 | 0.5 | 1;
};

export type Matching = {
  readonly pairs: readonly Pair[];
  readonly missed: readonly Mention[];
  readonly spurious: readonly Mention[];
};

/**
 * Pairs mentions one to one: most credit first, then most overlap, then by content, so that the order of the
 * lists does not matter. `minOverlap`, in (0, 1], is the least share of an expected mention's tokens that a
 * predicted one must have to be paired with it.
 */
export function matchMentions(
  expected: readonly Mention[],
  predicted: readonly Mention[],
  scheme: MatchScheme,
  minOverlap: number,
): Matching {
  const candidates = expected.flatMap((wanted) =>
    predicted.flatMap((given) => {
      const overlap = overlapOf(wanted, given);
      if (overlap < minOverlap) return [];
      return [{ expected: wanted, predicted: given, credit: creditOf(wanted, given, scheme), overlap }];
    }),
  );
  candidates.sort(
    (a, b) =>
      b.credit - a.credit ||
      b.overlap - a.overlap ||
      byContent(a.expected, b.expected) ||
      byContent(a.predicted, b.predicted),
  );
  const missed = new Set(expected);
  const spurious = new Set(predicted);
  const pairs: Pair[] = [];
  for (const { overlap: _, ...pair } of candidates) {
    if (!missed.has(pair.expected) || !spurious.has(pair.predicted)) continue;
    missed.delete(pair.expected);
    spurious.delete(pair.predicted);
    pairs.push(pair);
  }
  return { pairs, missed: [...missed], spurious: [...spurious] };
}

/** Counts by type. A hit counts under the expected type, also where the scheme does not look at types. */
export function countByType({ pairs, missed, spurious }: Matching): Record<string, Counts> {
  const counts = new Map<string, Counts>();
  const add = (type: string, hits: number, predicted: number, expected: number) => {
    const before = counts.get(type) ?? { hits: 0, predicted: 0, expected: 0 };
    counts.set(type, addCounts(before, { hits, predicted, expected }));
  };
  for (const { expected, predicted, credit } of pairs) {
    add(expected.type, credit, 0, 1);
    add(credit > 0 ? expected.type : predicted.type, 0, 1, 0);
  }
  for (const mention of missed) add(mention.type, 0, 0, 1);
  for (const mention of spurious) add(mention.type, 0, 1, 0);
  return Object.fromEntries(counts);
}

/** Whether two mentions cover the same tokens in the same order. */
export function sameTokens(a: Mention, b: Mention): boolean {
  return a.tokens.length === b.tokens.length && a.tokens.every((token, i) => token === b.tokens[i]);
}

function creditOf(expected: Mention, predicted: Mention, scheme: MatchScheme): Pair['credit'] {
  const sameName = sameTokens(expected, predicted);
  const sameType = expected.type === predicted.type;
  switch (scheme) {
    case 'name':
      return sameName ? 1 : 0;
    case 'name_and_type':
      return sameName && sameType ? 1 : 0;
    case 'partial':
      return sameName ? 1 : 0.5;
    case 'type':
      return sameType ? 1 : 0;
  }
}

/** The share of an expected mention's tokens that a predicted one has, each token as often as it is there. */
function overlapOf(expected: Mention, predicted: Mention): number {
  const left = [...predicted.tokens];
  let shared = 0;
  for (const token of expected.tokens) {
    const at = left.indexOf(token);
    if (at < 0) continue;
    left.splice(at, 1);
    shared++;
  }
  return shared / expected.tokens.length;
}

function byContent(a: Mention, b: Mention): number {
  const [left, right] = [a, b].map(({ tokens, type }) => JSON.stringify([tokens, type]));
  if (left === undefined || right === undefined || left === right) return 0;
  return left < right ? -1 : 1;
}
