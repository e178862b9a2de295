/** Gains of the relevant documents by id, each above 0; a document that is not in it has none. */
export type Relevance = ReadonlyMap<string, number>;

/**
 * Precision at k, in [0, 1]: the relevant share of the first k. It divides by k, as trec_eval's P_k does, so that
 * fewer relevant documents than k, or fewer documents found, keep it below 1.
 */
export function precisionAt(k: number, ranking: readonly string[], relevance: Relevance): number {
  return hitsAt(k, ranking, relevance) / k;
}

/** Recall at k, in [0, 1]: the share of the relevant documents that are among the first k. */
export function recallAt(k: number, ranking: readonly string[], relevance: Relevance): number {
  return hitsAt(k, ranking, relevance) / relevance.size;
}

/** One over the rank of the first relevant document, in [0, 1]; 0 where none was found. */
export function reciprocalRank(ranking: readonly string[], relevance: Relevance): number {
  const rank = ranking.findIndex((id) => relevance.has(id)) + 1;
  return rank === 0 ? 0 : 1 / rank;
}

/**
 * Normalised discounted cumulative gain at k, in [0, 1]: the gains of the first k, each divided by log2(rank + 1),
 * over the same sum for the best order. Gains count as they are (Järvelin and Kekäläinen, 2002; trec_eval's
 * ndcg_cut), not as powers of two.
 */
export function ndcgAt(k: number, ranking: readonly string[], relevance: Relevance): number {
  const gains = ranking.slice(0, k).map((id) => relevance.get(id) ?? 0);
  const best = [...relevance.values()].sort((a, b) => b - a).slice(0, k);
  return discountedSum(gains) / discountedSum(best);
}

function hitsAt(k: number, ranking: readonly string[], relevance: Relevance): number {
  return ranking.slice(0, k).filter((id) => relevance.has(id)).length;
}

function discountedSum(gains: readonly number[]): number {
  return gains.reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
}
