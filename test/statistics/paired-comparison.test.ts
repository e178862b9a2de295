import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mcnemarMidP } from '../../src/statistics/mcnemar.ts';
import { comparePaired, comparePooled, type Pair } from '../../src/statistics/paired-comparison.ts';
import { signFlipTest } from '../../src/statistics/permutation.ts';
import { createRandom } from '../../src/statistics/random.ts';

const random = createRandom('paired comparison tests');

function singletons(values: readonly (readonly [base: number, head: number])[]): Pair<number>[] {
  return values.map(([base, head], index) => ({ base, head, cluster: `example-${index}` }));
}

function repeat<T>(count: number, value: T): T[] {
  return Array.from({ length: count }, () => value);
}

const binary = singletons([
  ...repeat(60, [1, 1]),
  ...repeat(10, [0, 1]),
  ...repeat(2, [1, 0]),
  ...repeat(8, [0, 0]),
] as [number, number][]);

describe('comparison of means', () => {
  test('of a binary metric is the mid-p McNemar test', () => {
    const comparison = comparePaired(binary, { scale: 'binary', random });
    expect(comparison).toMatchObject({ n: 80, clusters: 80, p: mcnemarMidP(10, 2) });
    expect(comparison.difference).toBeCloseTo(8 / 80, 12);
    expect(comparison.interval![0]).toBeGreaterThan(0);
    expect(comparison.interval![1]).toBeLessThan(0.2);
  });

  test('of a graded metric is the sign-flip test', () => {
    const pairs = singletons([
      [0.5, 0.9],
      [0.4, 0.6],
      [0.7, 0.6],
      [0.2, 0.9],
    ]);
    const { p, difference } = comparePaired(pairs, { scale: 'graded', random });
    expect(p).toBe(signFlipTest([4, 2, -1, 7], { random }));
    expect(difference).toBeCloseTo(0.3, 12);
  });

  test('of a binary metric averaged over repeats is the sign-flip test', () => {
    const pairs = singletons([
      [0.5, 1],
      [0, 1],
      [1, 0],
      [0, 1],
    ]);
    const { p } = comparePaired(pairs, { scale: 'binary', random });
    expect(p).toBe(signFlipTest([0.5, 1, -1, 1], { random }));
  });

  test('takes a cluster as the unit, and still weighs every example the same', () => {
    const pairs = [
      ...repeat(6, { base: 0, head: 1, cluster: 'a' }),
      ...repeat(2, { base: 0, head: 1, cluster: 'b' }),
      { base: 1, head: 0, cluster: 'c' },
      { base: 1, head: 1, cluster: 'c' },
    ];
    const comparison = comparePaired(pairs, { scale: 'binary', random });
    expect(comparison).toMatchObject({ n: 10, clusters: 3, p: signFlipTest([6, 2, -1], { random }) });
    expect(comparison.difference).toBeCloseTo(7 / 10, 12);
    const blind = comparePaired(
      pairs.map((pair, index) => ({ ...pair, cluster: String(index) })),
      { scale: 'binary', random },
    );
    expect(blind.p).toBeLessThan(comparison.p! / 2);
  });

  test('of a prompt with itself finds nothing', () => {
    const same = singletons(repeat(30, [0.7, 0.7]));
    expect(comparePaired(same, { scale: 'graded', random })).toEqual({
      difference: 0,
      standardError: 0,
      interval: [0, 0],
      p: 1,
      n: 30,
      clusters: 30,
    });
  });

  test('takes what rounding leaves of equal sums for no difference', () => {
    const rounded = singletons(repeat(30, [0.1 + 0.2, 0.3]));
    expect(comparePaired(rounded, { scale: 'graded', random })).toMatchObject({ difference: 0, p: 1 });
    const cancelling = Array.from({ length: 30 }, (_, index) => [
      { base: 0.1, head: 0.3, cluster: `${index}` },
      { base: 0.8, head: 0.6, cluster: `${index}` },
    ]).flat();
    expect(comparePaired(cancelling, { scale: 'graded', random })).toMatchObject({ difference: 0, p: 1 });
  });

  test('says what it cannot say', () => {
    expect(comparePaired([], { scale: 'graded', random })).toEqual({
      difference: null,
      standardError: null,
      interval: null,
      p: null,
      n: 0,
      clusters: 0,
    });
    const oneCluster = repeat(50, { base: 0, head: 1, cluster: 'only' });
    expect(comparePaired(oneCluster, { scale: 'binary', random })).toEqual({
      difference: 1,
      standardError: null,
      interval: null,
      p: 1,
      n: 50,
      clusters: 1,
    });
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => comparePaired(singletons([[0, value]]), { scale: 'graded', random })).toThrow(RangeError);
      expect(() => comparePaired(singletons([[value, 0]]), { scale: 'graded', random })).toThrow(RangeError);
    }
  });

  test('widens the interval with the confidence asked for', () => {
    const width = (confidence: number) => {
      const [low, high] = comparePaired(binary, { scale: 'binary', random, confidence }).interval!;
      return high - low;
    };
    expect(width(0.99)).toBeGreaterThan(1.2 * width(0.9));
  });
});

/** What a document contributes to micro F1. */
type Found = { hits: number; predicted: number; expected: number };

function microF1(items: readonly Found[]): number {
  const hits = items.reduce((sum, item) => sum + item.hits, 0);
  const others = items.reduce((sum, item) => sum + item.predicted + item.expected, 0);
  return (2 * hits) / others;
}

function documents(count: number, headGain: number): Pair<Found>[] {
  const source = createRandom(`documents ${count} ${headGain}`);
  const found = (share: number): Found => {
    const expected = 1 + source.integer(5);
    const hits = repeat(expected, 0).filter(() => source.next() < share).length;
    return { hits, predicted: hits + source.integer(2), expected };
  };
  return Array.from({ length: count }, (_, index) => ({
    base: found(0.6),
    head: found(0.6 + headGain),
    cluster: `document-${index}`,
  }));
}

describe('comparison of pooled values', () => {
  test('finds an improvement, and none where there is none', () => {
    const better = comparePooled(documents(150, 0.2), microF1, { random });
    expect(better).toMatchObject({ n: 150, clusters: 150 });
    expect(better.p).toBeLessThan(0.01);
    expect(better.interval![0]).toBeGreaterThan(0);
    const same = comparePooled(documents(150, 0), microF1, { random });
    expect(same.p).toBeGreaterThan(0.05);
    expect(same.interval![0]).toBeLessThan(0);
    expect(same.interval![1]).toBeGreaterThan(0);
  });

  test('is head minus base of the pooled values, not a mean of documents', () => {
    const pairs = documents(40, 0.1);
    const difference = microF1(pairs.map(({ head }) => head)) - microF1(pairs.map(({ base }) => base));
    expect(comparePooled(pairs, microF1, { random }).difference).toBe(difference);
  });

  test('tries every swap of whole clusters when they are few', () => {
    const pairs = documents(12, 0.25).map((pair, index) => ({ ...pair, cluster: `topic-${index % 4}` }));
    const pooled = (swaps: number) => {
      const isSwapped = (index: number) => ((swaps >> (index % 4)) & 1) === 1;
      const heads = pairs.map(({ base, head }, index) => (isSwapped(index) ? base : head));
      const bases = pairs.map(({ base, head }, index) => (isSwapped(index) ? head : base));
      return Math.abs(microF1(heads) - microF1(bases));
    };
    const labellings = Array.from({ length: 16 }, (_, swaps) => pooled(swaps));
    const extreme = labellings.filter((value) => value >= pooled(0) - 1e-12).length;
    expect(comparePooled(pairs, microF1, { random })).toMatchObject({ p: extreme / 16, clusters: 4, n: 12 });
  });

  test('of a mean agrees with the comparison of means', () => {
    const source = createRandom('means');
    const pairs = singletons(Array.from({ length: 60 }, () => [source.next() ** 2, source.next()]));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const pooled = comparePooled(pairs, mean, { random });
    const plain = comparePaired(pairs, { scale: 'graded', random });
    expect(pooled.difference).toBeCloseTo(plain.difference!, 12);
    expect(pooled.interval![0]).toBeCloseTo(plain.interval![0], 10);
    expect(pooled.interval![1]).toBeCloseTo(plain.interval![1], 10);
    expect(Math.abs(pooled.p! - plain.p!)).toBeLessThan(0.02);
  });

  test('with thousands of clusters takes the difference as normal', () => {
    const some = comparePooled(documents(5000, 0.01), microF1, { random });
    const many = comparePooled(documents(5001, 0.01), microF1, { random });
    expect(many.p).toBeLessThan(0.05);
    expect(many.interval![1] - many.interval![0]).toBeCloseTo(some.interval![1] - some.interval![0], 2);
    const unchanging = documents(5001, 0).map(({ base, cluster }) => ({ base, head: base, cluster }));
    expect(comparePooled(unchanging, microF1, { random })).toMatchObject({
      difference: 0,
      interval: [0, 0],
      p: 1,
    });
    const constant = () => 1;
    expect(comparePooled(unchanging, constant, { random })).toMatchObject({ difference: 0, p: 1 });
  });

  test('says what it cannot say', () => {
    const nothing = { difference: null, interval: null, p: null, standardError: null };
    expect(comparePooled([], microF1, { random })).toEqual({ ...nothing, n: 0, clusters: 0 });
    const empty = { hits: 0, predicted: 0, expected: 0 };
    const undefinedPairs = repeat(3, { base: empty, head: empty, cluster: 'a' });
    expect(comparePooled(undefinedPairs, microF1, { random })).toEqual({ ...nothing, n: 3, clusters: 1 });
  });
});

describe('laws of both comparisons', () => {
  const pair = fc.record({
    base: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
    head: fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10),
    cluster: fc.integer({ min: 0, max: 30 }).map(String),
  });
  const samples = fc.array(pair, { minLength: 1, maxLength: 40 });
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const compare = {
    means: (pairs: readonly Pair<number>[]) =>
      comparePaired(pairs, { scale: 'graded', random: createRandom(3) }),
    pooled: (pairs: readonly Pair<number>[]) =>
      comparePooled(pairs, (values) => sum(values) / (1 + values.length), { random: createRandom(3) }),
  };
  const runs = { means: 100, pooled: 15 };

  test.each(['means', 'pooled'] as const)('%s: seeded, in range, around the estimate', (kind) => {
    fc.assert(
      fc.property(samples, (pairs) => {
        const comparison = compare[kind](pairs);
        expect(compare[kind](pairs)).toEqual(comparison);
        expect(comparison.p).toBeGreaterThan(0);
        expect(comparison.p).toBeLessThanOrEqual(1);
        expect(comparison.n).toBe(pairs.length);
        if (comparison.clusters < 2) expect(comparison.interval).toBeNull();
        else {
          expect(comparison.interval![0]).toBeLessThanOrEqual(comparison.difference! + 1e-12);
          expect(comparison.interval![1]).toBeGreaterThanOrEqual(comparison.difference! - 1e-12);
        }
      }),
      { numRuns: runs[kind] },
    );
  });

  test.each(['means', 'pooled'] as const)('%s: the order of the examples does not matter', (kind) => {
    fc.assert(
      fc.property(samples, fc.integer(), (pairs, seed) => {
        const comparison = compare[kind](pairs);
        const shuffled = compare[kind](createRandom(seed).shuffle(pairs));
        expect(shuffled.p).toBeCloseTo(comparison.p!, 10);
        expect(shuffled.difference).toBeCloseTo(comparison.difference!, 10);
        expect(shuffled.interval?.[0] ?? 0).toBeCloseTo(comparison.interval?.[0] ?? 0, 6);
        expect(shuffled.interval?.[1] ?? 0).toBeCloseTo(comparison.interval?.[1] ?? 0, 6);
      }),
      { numRuns: runs[kind] },
    );
  });

  test.each(['means', 'pooled'] as const)('%s: exchanging base and head changes the sign alone', (kind) => {
    fc.assert(
      fc.property(samples, (pairs) => {
        const comparison = compare[kind](pairs);
        const exchanged = compare[kind](
          pairs.map(({ base, head, cluster }) => ({ base: head, head: base, cluster })),
        );
        expect(exchanged.p).toBeCloseTo(comparison.p!, 10);
        expect(exchanged.difference).toBeCloseTo(-comparison.difference!, 10);
        expect(exchanged.interval?.[0] ?? 0).toBeCloseTo(-(comparison.interval?.[1] ?? 0), 6);
        expect(exchanged.interval?.[1] ?? 0).toBeCloseTo(-(comparison.interval?.[0] ?? 0), 6);
      }),
      { numRuns: runs[kind] },
    );
  });
});
