import module from 'jstat';

const { jStat } = module;

/** P(Z <= z) of the standard normal distribution; absolute error below 1e-15. */
export function normalCdf(z: number): number {
  return jStat.normal.cdf(z, 0, 1);
}

/** The z with P(Z <= z) = probability, for a probability strictly between 0 and 1. */
export function normalQuantile(probability: number): number {
  return jStat.normal.inv(probability, 0, 1);
}

/**
 * Two-sided p-value of a standard normal statistic. The distribution function is known to an absolute
 * precision only, so a p-value below the machine epsilon is given as the epsilon.
 */
export function normalTwoSidedP(z: number): number {
  return Math.max(2 * normalCdf(-Math.abs(z)), Number.EPSILON);
}
