import { normalTwoSidedP } from './normal.ts';
import type { Random } from './random.ts';

export type PermutationOptions = {
  readonly random: Random;
  /** How many random relabellings are tried when there are too many to try all. */
  readonly permutations?: number;
};

/** Sums equal in exact arithmetic differ by rounding, but by less than this share of the sum of absolute values. */
const SUM_TIE_TOLERANCE = 1e-12;

/** The same for any other statistic, as a share of the observed one: it may be a small difference of large values. */
const STATISTIC_TIE_TOLERANCE = 1e-9;

/** Bound on Lyapunov's ratio under which the normal approximation is used; see {@link signFlipTest}. */
const LARGEST_LYAPUNOV_RATIO = 0.01;

/**
 * Two-sided paired sign-flip test: if base and head are exchangeable, each difference could as well have had the
 * other sign. p is the share of sign patterns whose absolute sum is at least the observed one.
 *
 * - All 2^n patterns are tried when they are no more than `permutations` (differences of 0 do not count: their
 *   sign changes nothing).
 * - Otherwise random ones are, and p = (k + 1) / (permutations + 1), which counts the observed pattern and is
 *   never 0 (Phipson and Smyth, Statistical Applications in Genetics and Molecular Biology 9, 2010).
 * - With so many differences, none of them dominant, that sum |d|^3 / (sum d^2)^1.5 <= 0.01, the sum is taken as
 *   normal with mean 0 and variance sum d^2, its moments over all patterns. By the theorem of Berry and Esseen
 *   that is wrong by at most 0.0056 in each tail, and for symmetric sums much less. Equal differences get there at
 *   n = 10,000, where 10,000 random patterns would cost more than the doubt they remove; a sample with a few
 *   dominant clusters may never.
 *
 * @param differences finite numbers, one for each independent unit
 * @returns p in (0, 1]; 1 when no difference is other than 0
 */
export function signFlipTest(
  differences: readonly number[],
  { random, permutations = 10_000 }: PermutationOptions,
): number {
  const nonzero = differences.filter((difference) => difference !== 0);
  if (nonzero.length === 0) return 1;
  const observed = Math.abs(nonzero.reduce((sum, difference) => sum + difference, 0));
  // Under the test every sign is as likely as the other, so only sizes matter; in order of size, the random
  // patterns do not depend on how the differences were ordered or which side was called the base.
  const sizes = Float64Array.from(nonzero, Math.abs).sort();
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const threshold = observed - SUM_TIE_TOLERANCE * total;

  if (2 ** sizes.length <= permutations) {
    const sums = subsetSums(sizes);
    return countExtreme(sums, total, threshold) / sums.length;
  }
  const { lyapunovRatio, standardDeviation } = moments(sizes);
  if (lyapunovRatio <= LARGEST_LYAPUNOV_RATIO) return normalTwoSidedP(observed / standardDeviation);
  const sums = randomSubsetSums(sizes, permutations, random);
  return (countExtreme(sums, total, threshold) + 1) / (permutations + 1);
}

/** Giving a subset the minus sign takes twice its sum off the total. */
function countExtreme(negativeSums: Float64Array, total: number, threshold: number): number {
  let count = 0;
  for (const negative of negativeSums) if (Math.abs(total - 2 * negative) >= threshold) count++;
  return count;
}

/** Sums of all 2^n subsets; bit i of the index says whether value i is in. */
function subsetSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(2 ** values.length);
  for (const [bit, value] of values.entries()) {
    const half = 2 ** bit;
    for (let subset = 0; subset < half; subset++) sums[half + subset] = (sums[subset] ?? 0) + value;
  }
  return sums;
}

/**
 * Sums of `count` random subsets. One random word decides 32 values, whose sum is looked up byte by byte in the
 * tables of all subsets of eight, which makes a flip cost an eighth of an addition.
 */
function randomSubsetSums(values: Float64Array, count: number, random: Random): Float64Array {
  const sums = new Float64Array(count);
  for (let start = 0; start < values.length; start += 32) {
    const word = new Float64Array(32);
    word.set(values.subarray(start, start + 32));
    const first = subsetSums(word.subarray(0, 8));
    const second = subsetSums(word.subarray(8, 16));
    const third = subsetSums(word.subarray(16, 24));
    const fourth = subsetSums(word.subarray(24, 32));
    for (let index = 0; index < count; index++) {
      const bits = random.integer(2 ** 32);
      const low = (first[bits & 255] ?? 0) + (second[(bits >>> 8) & 255] ?? 0);
      const high = (third[(bits >>> 16) & 255] ?? 0) + (fourth[bits >>> 24] ?? 0);
      sums[index] = (sums[index] ?? 0) + low + high;
    }
  }
  return sums;
}

function moments(sizes: Float64Array): { lyapunovRatio: number; standardDeviation: number } {
  const largest = sizes.at(-1) ?? 0;
  let squares = 0;
  let cubes = 0;
  for (const size of sizes) {
    squares += (size / largest) ** 2;
    cubes += (size / largest) ** 3;
  }
  return { lyapunovRatio: cubes / squares ** 1.5, standardDeviation: largest * Math.sqrt(squares) };
}

/**
 * Two-sided paired randomisation test of any statistic of a labelling: each unit keeps its two labels or swaps
 * them. p is the share of labellings whose absolute statistic is at least the observed one: of all 2^units when
 * they are no more than `permutations`, else of random ones, as (k + 1) / (permutations + 1).
 *
 * @param difference the statistic when the units marked 1 are swapped; a labelling for which it is not defined
 * (NaN) counts as extreme, so that p errs towards no difference
 * @returns p in (0, 1]
 */
export function swapTest(
  units: number,
  difference: (swapped: Uint8Array) => number,
  { random, permutations = 2_000 }: PermutationOptions,
): number {
  const swapped = new Uint8Array(units);
  const observed = Math.abs(difference(swapped));
  const threshold = observed * (1 - STATISTIC_TIE_TOLERANCE);
  const isExtreme = () => !(Math.abs(difference(swapped)) < threshold);

  if (2 ** units <= permutations) {
    let extreme = 0;
    for (let labelling = 0; labelling < 2 ** units; labelling++) {
      for (let unit = 0; unit < units; unit++) swapped[unit] = (labelling >>> unit) & 1;
      if (isExtreme()) extreme++;
    }
    return extreme / 2 ** units;
  }
  let extreme = 1;
  for (let permutation = 0; permutation < permutations; permutation++) {
    for (let unit = 0; unit < units; unit++) swapped[unit] = random.integer(2);
    if (isExtreme()) extreme++;
  }
  return extreme / (permutations + 1);
}
