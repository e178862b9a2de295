import { type ClusterTotal, meanOfClusters } from './clusters.ts';
import type { Interval } from './interval.ts';
import { acceleration, jackknife, jackknifeStandardError } from './jackknife.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import type { Random } from './random.ts';

export type BootstrapOptions = {
  readonly random: Random;
  /** In (0, 1). */
  readonly confidence?: number;
  readonly resamples?: number;
};

/**
 * With more units than this, the interval is the estimate +- z jackknife standard errors: the corrections of BCa
 * shrink with 1 / sqrt(units) relative to the width, and at this size move a bound by about a hundredth of it,
 * less than the bootstrap's own noise with 2,000 resamples.
 */
const LARGEST_BOOTSTRAP = 5_000;

/** Resamples within this share of the largest count as equal to the estimate. */
const TIE_TOLERANCE = 1e-12;

/**
 * Bias-corrected and accelerated bootstrap interval (Efron, Journal of the American Statistical Association 82,
 * 1987). The acceleration comes from the jackknife; in the bias correction, resamples equal to the estimate count
 * half; a percentile p of B ordered values is the value at rank (B + 1) p, interpolated between its neighbours
 * and kept inside the first and the last (Hyndman and Fan's definition 6). More than 5,000 units: the estimate +-
 * z jackknife standard errors.
 *
 * @param sample independent units, in an order that does not depend on the run
 * @param statistic of any number of units, some of them repeated; NaN where it is not defined. Resamples without
 * a defined statistic are left out.
 * @returns null with fewer than two units, and when the estimate or most resamples are not defined;
 * `[v, v]` when all resamples give the same v
 */
export function bcaInterval<T>(
  sample: readonly T[],
  statistic: (items: readonly T[]) => number,
  options: BootstrapOptions,
): Interval | null {
  const resample = [...sample];
  return intervalOf(
    {
      units: sample.length,
      estimate: () => statistic(sample),
      leaveOut: () => jackknife(sample, statistic),
      replicate: () => {
        for (let index = 0; index < sample.length; index++) resample[index] = options.random.pick(sample);
        return statistic(resample);
      },
    },
    options,
  );
}

/** {@link bcaInterval} of a mean of independent values. */
export function bcaMeanInterval(values: readonly number[], options: BootstrapOptions): Interval | null {
  return bcaClusterMeanInterval(
    values.map((sum) => ({ sum, size: 1 })),
    options,
  );
}

/**
 * {@link bcaInterval} of a mean over examples when clusters, not examples, are independent: whole clusters are
 * drawn, and the mean is the ratio of their sums and sizes.
 */
export function bcaClusterMeanInterval(
  clusters: readonly ClusterTotal[],
  options: BootstrapOptions,
): Interval | null {
  const sums = Float64Array.from(clusters, ({ sum }) => sum);
  const sizes = Float64Array.from(clusters, ({ size }) => size);
  const chosen = new Uint32Array(clusters.length);
  const totalSum = sums.reduce((total, sum) => total + sum, 0);
  const totalSize = sizes.reduce((total, size) => total + size, 0);
  const interval = intervalOf(
    {
      units: clusters.length,
      estimate: () => meanOfClusters(clusters),
      leaveOut: () => sums.map((sum, index) => (totalSum - sum) / (totalSize - (sizes[index] ?? 0))),
      replicate: () => {
        options.random.integers(sums.length, chosen);
        return ratioOf(sums, sizes, chosen);
      },
    },
    options,
  );
  return interval && withinMeans(interval, clusters);
}

/** Whatever clusters are drawn, their mean lies between the least and the greatest of theirs; standard errors know no such bound. */
function withinMeans([low, high]: Interval, clusters: readonly ClusterTotal[]): Interval {
  // The estimate itself, which rounding may put beside equal means.
  let least = meanOfClusters(clusters);
  let greatest = least;
  for (const { sum, size } of clusters) {
    least = Math.min(least, sum / size);
    greatest = Math.max(greatest, sum / size);
  }
  return [Math.max(low, least), Math.min(high, greatest)];
}

/** The ratio of sums and sizes over chosen clusters, each as often as it was chosen. */
function ratioOf(sums: Float64Array, sizes: Float64Array, chosen: Uint32Array): number {
  let sum = 0;
  let size = 0;
  for (const index of chosen) {
    sum += sums[index] ?? 0;
    size += sizes[index] ?? 0;
  }
  return sum / size;
}

type Estimation = {
  readonly units: number;
  readonly estimate: () => number;
  /** The statistic without each unit, or group of units, in turn. */
  readonly leaveOut: () => Float64Array;
  /** The statistic of one resample. */
  readonly replicate: () => number;
};

function intervalOf(
  { units, estimate: estimateOf, leaveOut, replicate }: Estimation,
  { confidence = 0.95, resamples = 2_000 }: BootstrapOptions,
): Interval | null {
  if (units < 2) return null;
  const estimate = estimateOf();
  if (Number.isNaN(estimate)) return null;
  if (units > LARGEST_BOOTSTRAP) return normalInterval(estimate, leaveOut(), confidence);

  const replicates = Float64Array.from({ length: resamples }, replicate)
    .filter((value) => !Number.isNaN(value))
    .sort();
  if (replicates.length <= resamples / 2) return null;
  if (areEqual(replicates)) return [estimate, estimate];
  const bias = biasCorrection(replicates, estimate);
  const skew = acceleration(leaveOut());
  const tail = (1 - confidence) / 2;
  return [
    percentile(replicates, correctedLevel(tail, bias, skew)),
    percentile(replicates, correctedLevel(1 - tail, bias, skew)),
  ];
}

function normalInterval(estimate: number, leaveOut: Float64Array, confidence: number): Interval {
  const margin = normalQuantile(0.5 + confidence / 2) * jackknifeStandardError(leaveOut);
  return [estimate - margin, estimate + margin];
}

/** Whether ordered resamples are one value but for rounding, as those of equal values in clusters of several sizes. */
function areEqual(replicates: Float64Array): boolean {
  const [least = 0, greatest = 0] = [replicates.at(0), replicates.at(-1)];
  return greatest - least <= TIE_TOLERANCE * Math.max(Math.abs(least), Math.abs(greatest));
}

/**
 * Where the estimate lies among its resamples, as a normal quantile; finite even when it lies outside them all.
 * Sums equal in exact arithmetic differ by rounding, which must not decide the side a resample falls on: with few
 * units many resamples equal the estimate.
 */
function biasCorrection(replicates: Float64Array, estimate: number): number {
  const largest = Math.max(Math.abs(replicates.at(0) ?? 0), Math.abs(replicates.at(-1) ?? 0));
  const tie = TIE_TOLERANCE * largest;
  let below = 0;
  for (const value of replicates) {
    if (value < estimate - tie) below += 1;
    else if (value <= estimate + tie) below += 0.5;
  }
  const half = 0.5;
  return normalQuantile(Math.min(Math.max(below, half), replicates.length - half) / replicates.length);
}

/** The percentile of the resamples that takes the place of `level`. */
function correctedLevel(level: number, bias: number, skew: number): number {
  const shifted = bias + normalQuantile(level);
  const denominator = 1 - skew * shifted;
  // Past its pole the transformation has no meaning; its limit there is the end of the distribution.
  if (denominator <= 0) return shifted > 0 ? 1 : 0;
  return normalCdf(bias + shifted / denominator);
}

function percentile(sorted: Float64Array, level: number): number {
  const rank = Math.min(Math.max((sorted.length + 1) * level, 1), sorted.length);
  const lower = sorted[Math.floor(rank) - 1] ?? Number.NaN;
  const upper = sorted[Math.ceil(rank) - 1] ?? Number.NaN;
  return lower + (rank - Math.floor(rank)) * (upper - lower);
}
