import { normalCdf, normalQuantile } from './normal.ts';

export type PowerOptions = {
  /** Of the two-sided test, in (0, 1). */
  readonly alpha?: number;
  /** The chance to find the difference, in (0, 1). */
  readonly power?: number;
};

/**
 * The smallest true difference that a two-sided test finds with the given chance: (z(1 - alpha/2) + z(power)) standard errors
 * (Cohen, Statistical Power Analysis for the Behavioral Sciences, 1988, normal approximation).
 *
 * @param standardError of the difference, in its unit, 0 or more
 */
export function detectableDifference(
  standardError: number,
  { alpha = 0.05, power = 0.8 }: PowerOptions = {},
): number {
  return (normalQuantile(1 - alpha / 2) + normalQuantile(power)) * standardError;
}

/**
 * The chance that a two-sided test finds a true difference, taking the estimate as normal.
 *
 * @param difference in any unit
 * @param standardError of its estimate, above 0, in the same unit
 * @returns in [alpha, 1]
 */
export function powerOf(difference: number, standardError: number, alpha = 0.05): number {
  const critical = normalQuantile(1 - alpha / 2);
  const shift = difference / standardError;
  return normalCdf(shift - critical) + normalCdf(-shift - critical);
}

/**
 * How many examples it takes until a difference is found with the given chance: the standard error falls with the square root of their
 * number.
 *
 * @param difference above 0, in the unit of the standard error
 * @param known a standard error and the number of examples it was measured on
 * @returns in all, those that there are included
 */
export function examplesToDetect(
  difference: number,
  known: { readonly standardError: number; readonly n: number },
  options: PowerOptions = {},
): number {
  return Math.ceil(known.n * (detectableDifference(known.standardError, options) / difference) ** 2);
}
