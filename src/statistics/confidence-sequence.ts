/** What a running mean and its spread need: plain data that JSON keeps exactly. */
export type Moments = { readonly n: number; readonly sum: number; readonly sumOfSquares: number };

export const noMoments: Moments = { n: 0, sum: 0, sumOfSquares: 0 };

export function addMoment({ n, sum, sumOfSquares }: Moments, value: number): Moments {
  return { n: n + 1, sum: sum + value, sumOfSquares: sumOfSquares + value * value };
}

/** A variance this small against the mean square is what rounding leaves of none. */
const ROUNDING = 1e-12;

/**
 * The mean with an interval that holds at all times at once, however often one looks: an asymptotic confidence sequence
 * (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, Time-uniform central limit theory and asymptotic confidence sequences,
 * Annals of Statistics 52, 2024).
 *
 * @param alpha chance that the mean ever lies outside, in (0, 1)
 * @param tightestAt the number of values at which the interval is to be tightest
 * @returns null for fewer than two values, and for equal ones: of how far they spread nothing is known yet
 */
export function meanAtAllTimes(
  { n, sum, sumOfSquares }: Moments,
  alpha: number,
  tightestAt: number,
): { readonly mean: number; readonly half: number } | null {
  if (n < 2) return null;
  const mean = sum / n;
  const variance = sumOfSquares / n - mean * mean;
  if (variance <= (ROUNDING * sumOfSquares) / n) return null;
  const deviation = Math.sqrt(variance);
  return { mean, half: confidenceHalfWidth({ n, deviation, alpha, rho: tuning(alpha, tightestAt) }) };
}

/** The parameter rho that makes the sequence of {@link confidenceHalfWidth} tightest at `n` values. */
export function tuning(alpha: number, n: number): number {
  const twice = -2 * Math.log(alpha);
  return Math.sqrt((twice + Math.log(twice + 1)) / n);
}

/** Half the width of the asymptotic confidence sequence after n values of standard deviation `deviation`, in their unit. */
export function confidenceHalfWidth({
  n,
  deviation,
  alpha,
  rho,
}: {
  readonly n: number;
  readonly deviation: number;
  readonly alpha: number;
  readonly rho: number;
}): number {
  const scaled = n * rho * rho;
  return deviation * Math.sqrt(((2 * (scaled + 1)) / (n * scaled)) * Math.log(Math.sqrt(scaled + 1) / alpha));
}
