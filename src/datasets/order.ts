import { createHash } from 'node:crypto';

/**
 * Takes `limit` examples spread evenly over strata, the same ones at every call: within a stratum the order is by
 * a hash of the id, so adding rows elsewhere does not move the sample. Shorter datasets come back whole and in order.
 */
export function stableSample<T extends { readonly id: string }>(
  examples: readonly T[],
  limit: number,
  stratumOf: (example: T) => string,
): T[] {
  if (limit >= examples.length) return [...examples];
  return interleave(examples, stratumOf, (example) => hashOf(example.id)).slice(0, limit);
}

/**
 * Orders examples so that every beginning of the list is balanced: one of each stratum in turn, strata and the
 * examples inside them ordered by `rank`.
 */
export function interleave<T>(
  examples: readonly T[],
  stratumOf: (example: T) => string,
  rank: (example: T) => string,
): T[] {
  const ranked = examples.map((example) => ({ example, rank: rank(example) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
  const strata = Map.groupBy(ranked, ({ example }) => stratumOf(example));
  const placed = [...strata.values()].flatMap((queue) =>
    queue.map(({ example }, round) => ({ example, round })),
  );
  return placed.sort((a, b) => a.round - b.round).map(({ example }) => example);
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
