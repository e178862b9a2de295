/**
 * The share of verdicts that are true: with claims supported by the source this is RAGAS faithfulness, with the parts
 * of a question or the facts of a reference it is coverage. Null without a verdict, where RAGAS has NaN.
 */
export function shareOf(verdicts: readonly boolean[]): number | null {
  return verdicts.length === 0 ? null : verdicts.filter(Boolean).length / verdicts.length;
}

/**
 * RAGAS context precision, sum_k(P@k v_k) / (sum_k v_k + 1e-10): how far relevant passages stand before the others.
 * In [0, 1); 0 where none is relevant.
 * @param relevant v_k, whether the passage at rank k is relevant
 */
export function contextPrecisionOf(relevant: readonly boolean[]): number {
  let hits = 0;
  let sum = 0;
  for (const [index, isRelevant] of relevant.entries()) {
    if (!isRelevant) continue;
    hits += 1;
    sum += hits / (index + 1);
  }
  return sum / (hits + 1e-10);
}
