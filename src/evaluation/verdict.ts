import type { Interval, Verdict } from './scorecard.ts';

/** Fewer pairs than this tell nothing worth a verdict. */
export const leastPairs = 10;

type Compared = {
  readonly difference: number | null;
  readonly interval: Interval | null;
  readonly margin: number | null;
  readonly n: number;
};

/**
 * The verdict on a difference (head - base). Regression and improvement need both the interval and the adjusted test to exclude
 * "no difference"; equivalent needs the whole interval strictly within the margin (Schuirmann's two one-sided tests, Journal of
 * Pharmacokinetics and Biopharmaceutics 15, 1987, at half of alpha each).
 *
 * @param alpha of the two-sided test
 */
export function verdictOf(
  { difference, interval, margin, n }: Compared,
  adjustedP: number | null,
  {
    direction,
    unreliable,
    alpha = 0.05,
  }: { direction: 'higher' | 'lower'; unreliable: boolean; alpha?: number },
): Verdict {
  if (unreliable) return 'unreliable baseline';
  if (n < leastPairs || difference === null || interval === null || adjustedP === null)
    return 'insufficient data';
  const excludesZero = interval[0] > 0 || interval[1] < 0;
  // Rounding in 1 - confidence must not decide.
  if (adjustedP <= alpha + 1e-12 && excludesZero)
    return difference > 0 === (direction === 'higher') ? 'improvement' : 'regression';
  if (margin !== null && interval[0] > -margin && interval[1] < margin) return 'equivalent';
  return 'inconclusive';
}
