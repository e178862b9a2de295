import { bcaClusterMeanInterval, bcaInterval } from './bootstrap.ts';
import { groupByCluster, meanOfClusters } from './clusters.ts';
import type { Interval } from './interval.ts';
import { jackknife, jackknifeStandardError } from './jackknife.ts';
import { mcnemarMidP } from './mcnemar.ts';
import { normalTwoSidedP } from './normal.ts';
import { signFlipTest, swapTest } from './permutation.ts';
import type { Random } from './random.ts';

/** What the base and the head made of the same example. */
export type Pair<T> = { readonly base: T; readonly head: T; readonly cluster: string };

export type PairedComparison = {
  /** Head minus base; null without pairs, or where a pooled value is not defined. */
  readonly difference: number | null;
  /** Of the difference; null with fewer than two clusters. */
  readonly interval: Interval | null;
  /** Two-sided; null when the difference is. */
  readonly p: number | null;
  /** Of the difference, by the jackknife over clusters; null with fewer than two. */
  readonly standardError: number | null;
  /** Pairs. */
  readonly n: number;
  readonly clusters: number;
};

export type ComparisonOptions = {
  /** Only forked, so the result depends on its seed and not on what was drawn from it before. */
  readonly random: Random;
  /** Of the interval, in (0, 1). */
  readonly confidence?: number;
};

const NOTHING_COMPARED = { difference: null, interval: null, p: null, standardError: null };

/** A difference this small against the values it is of is what rounding leaves of none. */
const ROUNDING = 1e-12;

/** Swapping labels of more clusters than this costs more than the normal approximation gets wrong. */
const LARGEST_SWAP_TEST = 5_000;

/**
 * Compares means over examples, paired. The interval is the BCa bootstrap over clusters. p is McNemar's mid-p when
 * the metric is binary, each value is 0 or 1 (repeats are averaged before) and each cluster holds one pair;
 * otherwise the sign-flip test of the clusters' summed differences.
 *
 * @param pairs finite values in any unit, at most one pair for each example; their order does not matter
 * @throws RangeError for a value that is not finite
 */
export function comparePaired(
  pairs: readonly Pair<number>[],
  options: ComparisonOptions & { readonly scale: 'binary' | 'graded' },
): PairedComparison {
  const notFinite = pairs.find(({ base, head }) => !Number.isFinite(base) || !Number.isFinite(head));
  if (notFinite) throw new RangeError(`Cannot compare ${notFinite.base} with ${notFinite.head}.`);
  if (pairs.length === 0) return { ...NOTHING_COMPARED, n: 0, clusters: 0 };

  const groups = groupByCluster(pairs);
  const totals = groups.map((members) => ({ sum: summedDifference(members), size: members.length }));
  const isMcNemar = options.scale === 'binary' && groups.length === pairs.length && pairs.every(isBinary);
  return {
    difference: meanOfClusters(totals),
    interval: bcaClusterMeanInterval(totals, { ...options, random: options.random.fork('interval') }),
    p: isMcNemar
      ? mcnemarOf(pairs)
      : signFlipTest(
          totals.map(({ sum }) => sum),
          { random: options.random.fork('p') },
        ),
    standardError: standardErrorOf(totals.length, () => jackknife(totals, meanOfClusters)),
    n: pairs.length,
    clusters: groups.length,
  };
}

/**
 * Compares a value that is pooled over examples (as micro F1) and so is no mean of theirs. The interval is the BCa
 * bootstrap over clusters. p is that of the paired randomisation test which swaps base and head of whole clusters;
 * with more than 5,000 clusters, of the difference over its jackknife standard error, taken as normal.
 *
 * @param pool the dataset's value from what its examples contribute; NaN where it is not defined
 * @param pairs at most one for each example; their order does not matter if it does not to `pool`
 */
export function comparePooled<T>(
  pairs: readonly Pair<T>[],
  pool: (items: readonly T[]) => number,
  options: ComparisonOptions,
): PairedComparison {
  const groups = groupByCluster(pairs);
  const differenceOf = (members: readonly Pair<T>[]) =>
    pool(members.map(({ head }) => head)) - pool(members.map(({ base }) => base));
  const statistic = (clusters: readonly Pair<T>[][]) => differenceOf(clusters.flat());

  const counts = { n: pairs.length, clusters: groups.length };
  const difference = pairs.length === 0 ? Number.NaN : statistic(groups);
  if (Number.isNaN(difference)) return { ...NOTHING_COMPARED, ...counts };
  return {
    difference,
    interval: bcaInterval(groups, statistic, { ...options, random: options.random.fork('interval') }),
    p:
      groups.length > LARGEST_SWAP_TEST
        ? normalP(difference, jackknifeStandardError(jackknife(groups, statistic)))
        : swapTest(groups.length, (swapped) => statistic(groups.map(swapIfMarked(swapped))), {
            random: options.random.fork('p'),
          }),
    standardError: standardErrorOf(groups.length, () => jackknife(groups, statistic)),
    ...counts,
  };
}

function standardErrorOf(units: number, leaveOut: () => Float64Array): number | null {
  return units < 2 ? null : jackknifeStandardError(leaveOut());
}

function summedDifference(pairs: readonly Pair<number>[]): number {
  let sum = 0;
  let magnitude = 0;
  for (const { base, head } of pairs) {
    sum += head - base;
    magnitude += Math.abs(head) + Math.abs(base);
  }
  return Math.abs(sum) <= ROUNDING * magnitude ? 0 : sum;
}

function isBinary({ base, head }: Pair<number>): boolean {
  return (base === 0 || base === 1) && (head === 0 || head === 1);
}

function mcnemarOf(pairs: readonly Pair<number>[]): number {
  const onlyBase = pairs.filter(({ base, head }) => base > head).length;
  const onlyHead = pairs.filter(({ base, head }) => head > base).length;
  return mcnemarMidP(onlyBase, onlyHead);
}

function swapIfMarked<T>(swapped: Uint8Array): (members: Pair<T>[], unit: number) => Pair<T>[] {
  return (members, unit) =>
    swapped[unit] === 1
      ? members.map(({ base, head, cluster }) => ({ base: head, head: base, cluster }))
      : members;
}

/** Where no unit changes the difference, its standard error is 0: it is certain, unless there is none. */
function normalP(difference: number, standardError: number): number {
  return difference === 0 ? 1 : normalTwoSidedP(difference / standardError);
}
