/*
 * Tests of "two distributions are no further apart than a tolerance". Each p-value is a bound that holds for any distribution and any
 * sample size, not an approximation: alarms that are to be rare rest on the far tail, where approximations are at their worst.
 */

/**
 * The Kolmogorov-Smirnov distance of two samples: the largest difference of their distribution functions.
 *
 * @returns in [0, 1]; NaN for an empty sample
 */
export function kolmogorovDistance(first: readonly number[], second: readonly number[]): number {
  const [a, b] = [Float64Array.from(first).sort(), Float64Array.from(second).sort()];
  let [i, j, largest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const at = Math.min(a[i] ?? 0, b[j] ?? 0);
    while (i < a.length && a[i] === at) i += 1;
    while (j < b.length && b[j] === at) j += 1;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return a.length === 0 || b.length === 0 ? Number.NaN : largest;
}

/**
 * p of a Kolmogorov-Smirnov distance under "the true distance is at most `tolerance`". Each sample's distribution function errs by the
 * inequality of Dvoretzky, Kiefer and Wolfowitz (with Massart's constant, Annals of Probability 18, 1990); what is beyond the
 * tolerance is shared out between the two so that both bounds are equal.
 *
 * @param n independent values in the first sample
 * @param m in the second
 * @returns in (0, 1]
 */
export function kolmogorovP(distance: number, n: number, m: number, tolerance: number): number {
  const excess = Math.max(0, distance - tolerance);
  const each = excess / (1 / Math.sqrt(n) + 1 / Math.sqrt(m));
  return asProbability(4 * Math.exp(-2 * each * each));
}

/** The sum of vectors of length 1 at most, and their number. */
export type VectorSum = { readonly sum: Float64Array; readonly n: number };

/** The length of the difference of two means of vectors, from 0 to 2; NaN for an empty sample. */
export function meanDistance(first: VectorSum, second: VectorSum): number {
  const squares = first.sum.reduce(
    (total, value, index) => total + (value / first.n - (second.sum[index] ?? 0) / second.n) ** 2,
    0,
  );
  return Math.sqrt(squares);
}

/**
 * p of a {@link meanDistance} under "the true distance is at most `tolerance`", for independent vectors of length 1 at most: the error of
 * both means is 1 / sqrt(n) + 1 / sqrt(m) at most in expectation, and more than that by t with a chance of
 * exp(-t^2 / (2 (1/n + 1/m))) at most (McDiarmid's inequality; it is the bound of Gretton, Borgwardt, Rasch, Schölkopf and Smola, A kernel
 * two-sample test, JMLR 13, 2012, for the linear kernel).
 *
 * @returns in (0, 1]
 */
export function meanDistanceP(distance: number, n: number, m: number, tolerance: number): number {
  const excess = distance - tolerance - 1 / Math.sqrt(n) - 1 / Math.sqrt(m);
  if (!(excess > 0)) return 1;
  return asProbability(Math.exp((-excess * excess) / (2 * (1 / n + 1 / m))));
}

/** A tail may underflow to 0, which no p-value is. */
function asProbability(value: number): number {
  return Math.min(1, Math.max(value, Number.MIN_VALUE));
}
