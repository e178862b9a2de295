/**
 * A quantile of sorted values: the value at rank n q, rounded up.
 *
 * @param q in (0, 1)
 * @returns null without values
 */
export function quantileOf(sorted: ArrayLike<number>, q: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * q) - 1)] ?? null;
}

/**
 * A bound that the true quantile passes with a chance of at most alpha: the value at the rank beyond which Chernoff's bound of the
 * binomial distribution, exp(-n KL(rank / n, q)), falls to alpha. Holds for any distribution of independent values.
 *
 * @param sorted in rising order
 * @param q in (0, 1)
 * @param side `upper`: the true quantile is at most this; `lower`: at least
 * @returns null where there are too few values for such a bound
 */
export function quantileBound(
  sorted: ArrayLike<number>,
  { q, alpha, side }: { readonly q: number; readonly alpha: number; readonly side: 'upper' | 'lower' },
): number | null {
  const n = sorted.length;
  const isBeyond = (rank: number) => n * divergence(rank / n, q) >= -Math.log(alpha);
  if (side === 'upper') {
    for (let rank = Math.ceil(n * q); rank < n; rank++) if (isBeyond(rank)) return sorted[rank] ?? null;
    return null;
  }
  for (let rank = Math.floor(n * q); rank > 0; rank--) if (isBeyond(rank)) return sorted[rank - 1] ?? null;
  return null;
}

/** Kullback and Leibler's divergence of two coins. */
function divergence(p: number, q: number): number {
  return part(p, q) + part(1 - p, 1 - q);
}

function part(p: number, q: number): number {
  return p === 0 ? 0 : p * Math.log(p / q);
}
