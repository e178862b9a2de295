import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bcaClusterMeanInterval, bcaInterval, bcaMeanInterval } from '../../src/statistics/bootstrap.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { wilsonInterval } from '../../src/statistics/wilson.ts';

const random = createRandom('bootstrap tests');

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The plug-in variance, divided by n. */
const variance = (values: readonly number[]) => mean(values.map((value) => (value - mean(values)) ** 2));

describe('BCa interval', () => {
  test('of the variance of the spatial test data is the textbook one', () => {
    // Efron and Tibshirani, An Introduction to the Bootstrap (1993), table 14.2: 90%, 2,000 resamples,
    // (115.8, 259.6); their bounds and ours vary by a few units from seed to seed.
    const spatial = [
      48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41,
    ];
    const interval = bcaInterval(spatial, variance, { random, confidence: 0.9, resamples: 20_000 });
    expect(Math.abs(interval![0] - 115.8)).toBeLessThan(3);
    expect(Math.abs(interval![1] - 259.6)).toBeLessThan(6);
  });

  test('of a skewed mean is the one of an independent implementation', () => {
    // scipy 1.17.1, stats.bootstrap(method='BCa', n_resamples=400000).
    const skewed = [0.1, 0.2, 0.2, 0.3, 0.3, 0.4, 0.5, 0.9, 1.4, 2.7];
    const at95 = bcaMeanInterval(skewed, { random, resamples: 40_000 });
    expect(Math.abs(at95![0] - 0.36)).toBeLessThan(0.011);
    expect(Math.abs(at95![1] - 1.44)).toBeLessThan(0.03);
    const at90 = bcaMeanInterval(skewed, { random, resamples: 40_000, confidence: 0.9 });
    expect(Math.abs(at90![0] - 0.4)).toBeLessThan(0.011);
    expect(Math.abs(at90![1] - 1.29)).toBeLessThan(0.03);
  });

  test('of a ratio over clusters is the one of an independent implementation', () => {
    // scipy 1.17.1, as above, paired=True, of sum(y) / sum(s).
    const sums = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];
    const sizes = [2, 1, 3, 1, 4, 5, 2, 3, 3, 1];
    const clusters = sums.map((sum, index) => ({ sum, size: sizes[index]! }));
    const [low, high] = bcaClusterMeanInterval(clusters, { random, resamples: 40_000 })!;
    expect(Math.abs(low - 1.32)).toBeLessThan(0.01);
    expect(Math.abs(high - 1.8182)).toBeLessThan(0.01);
  });

  test('is the same for a mean, whichever of the functions takes it', () => {
    const values = Array.from({ length: 150 }, () => random.next() ** 3);
    const seeded = () => ({ random: createRandom(11), resamples: 500 });
    const generic = bcaInterval(values, mean, seeded())!;
    const fast = bcaMeanInterval(values, seeded())!;
    const clustered = bcaClusterMeanInterval(
      values.map((value) => ({ sum: 3 * value, size: 3 })),
      seeded(),
    )!;
    for (const side of [0, 1] as const) {
      expect(fast[side]).toBeCloseTo(generic[side], 10);
      expect(clustered[side]).toBeCloseTo(fast[side], 10);
    }
  });

  test('keeps clusters whole: repeating each value in its cluster adds no certainty', () => {
    const values = Array.from({ length: 40 }, () => random.next());
    const once = bcaMeanInterval(values, { random: createRandom(12) })!;
    const repeated = values.flatMap((value) => Array(9).fill(value));
    const blind = bcaMeanInterval(repeated, { random: createRandom(12) })!;
    const clusters = values.map((value) => ({ sum: 9 * value, size: 9 }));
    const aware = bcaClusterMeanInterval(clusters, { random: createRandom(12) })!;
    expect(aware[1] - aware[0]).toBeCloseTo(once[1] - once[0], 9);
    expect(blind[1] - blind[0]).toBeLessThan((once[1] - once[0]) / 2);
  });

  test('widens with the confidence and narrows with the square root of n', () => {
    const width = (interval: readonly [number, number] | null) => interval![1] - interval![0];
    const values = Array.from({ length: 400 }, () => random.next());
    expect(width(bcaMeanInterval(values, { random, confidence: 0.99 }))).toBeGreaterThan(
      1.2 * width(bcaMeanInterval(values, { random, confidence: 0.95 })),
    );
    const quarter = width(bcaMeanInterval(values.slice(0, 100), { random }));
    expect(quarter / width(bcaMeanInterval(values, { random }))).toBeCloseTo(2, 0);
  });
});

describe('BCa interval, where little can be said', () => {
  test('is null for fewer than two units', () => {
    expect(bcaMeanInterval([], { random })).toBeNull();
    expect(bcaMeanInterval([1], { random })).toBeNull();
    expect(bcaClusterMeanInterval([{ sum: 30, size: 100 }], { random })).toBeNull();
    expect(bcaInterval([1], mean, { random })).toBeNull();
  });

  test('is one point when all values are equal', () => {
    expect(bcaMeanInterval([0.3, 0.3, 0.3], { random })).toEqual([
      mean([0.3, 0.3, 0.3]),
      mean([0.3, 0.3, 0.3]),
    ]);
    expect(bcaMeanInterval(Array(6000).fill(1), { random })).toEqual([1, 1]);
    // Added up, they are a hair more than three times as much: the bounds must not change places.
    const tenths = mean([0.1, 0.1, 0.1]);
    expect(tenths).toBeGreaterThan(0.1);
    expect(bcaMeanInterval([0.1, 0.1, 0.1], { random })).toEqual([tenths, tenths]);
    expect(bcaInterval([1, 2, 3], () => 7, { random })).toEqual([7, 7]);
  });

  test('leaves out resamples without a value, unless they are most', () => {
    const defined = [1, 2, 3, 4, 5, 6, 7, 8];
    const meanAmongDefined = (values: readonly number[]) => mean(values.filter((value) => value > 0));
    // The mean of the positive values is not defined for (6/8)^8 = 10% of the resamples.
    const interval = bcaInterval([0, 0, 0, 0, 0, 0, 5, 6], meanAmongDefined, { random });
    expect(interval).toEqual([5, 6]);
    expect(bcaInterval(defined, () => Number.NaN, { random })).toBeNull();
    const onlyUnchanged = (values: readonly number[]) =>
      new Set(values).size > 6 ? mean(values) : Number.NaN;
    expect(bcaInterval(defined, onlyUnchanged, { random })).toBeNull();
  });

  test('stays within the resamples when all lie on one side of the estimate', () => {
    const values = Array.from({ length: 20 }, (_, index) => index);
    // No resample of 20 values holds each of them.
    const biased = (items: readonly number[]) => (new Set(items).size === 20 ? 100 : mean(items));
    const [low, high] = bcaInterval(values, biased, { random, confidence: 0.999 })!;
    expect(low).toBeLessThanOrEqual(high);
    expect(high).toBeLessThan(20);
  });
});

describe('interval of many units', () => {
  test('joins the BCa interval smoothly where the normal approximation takes over', () => {
    const values = Array.from({ length: 5001 }, () => -Math.log(1 - random.next()));
    const normal = bcaMeanInterval(values, { random })!;
    const bootstrap = bcaMeanInterval(values.slice(0, 5000), { random })!;
    const width = normal[1] - normal[0];
    expect(Math.abs(normal[0] - bootstrap[0]) / width).toBeLessThan(0.05);
    expect(Math.abs(normal[1] - bootstrap[1]) / width).toBeLessThan(0.05);
  });

  test('of a proportion is that of Wilson', () => {
    const values = Array.from({ length: 20_000 }, (_, index) => (index % 10 === 0 ? 0 : 1));
    const [low, high] = bcaMeanInterval(values, { random })!;
    const wilson = wilsonInterval(18_000, 20_000)!;
    expect(Math.abs(low - wilson[0])).toBeLessThan(1e-4);
    expect(Math.abs(high - wilson[1])).toBeLessThan(1e-4);
  });

  test('of any statistic has the width of its formula, within the noise of 200 groups', () => {
    const values = Array.from({ length: 8000 }, () => random.next());
    const [low, high] = bcaInterval(values, mean, { random })!;
    const width = 2 * 1.959964 * Math.sqrt(variance(values) / values.length);
    expect(Math.abs((high - low) / width - 1)).toBeLessThan(0.15);
    expect((low + high) / 2).toBeCloseTo(mean(values), 10);
  });
});

describe('BCa interval, laws', () => {
  const samples = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 40 });
  const interval = (values: readonly number[]) =>
    bcaMeanInterval(values, { random: createRandom(13), resamples: 200 })!;

  test('contains the mean, lies among the values, and repeats with its seed', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const [low, high] = interval(values);
        const rounding = 1e-12;
        expect(low).toBeLessThanOrEqual(mean(values) + rounding);
        expect(high).toBeGreaterThanOrEqual(mean(values) - rounding);
        expect(low).toBeGreaterThanOrEqual(Math.min(...values) - rounding);
        expect(high).toBeLessThanOrEqual(Math.max(...values) + rounding);
        expect(interval(values)).toEqual([low, high]);
      }),
    );
  });

  test('moves and mirrors with the values', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 30 }), (values) => {
        const [low, high] = interval(values);
        const moved = interval(values.map((value) => value + 1000));
        expect(moved[0]).toBeCloseTo(low + 1000, 8);
        expect(moved[1]).toBeCloseTo(high + 1000, 8);
        const mirrored = interval(values.map((value) => -value));
        expect(mirrored[0]).toBeCloseTo(-high, 8);
        expect(mirrored[1]).toBeCloseTo(-low, 8);
      }),
    );
  });
});

test('a mean of many values is never thought to lie beyond all of them', () => {
  // One of 6,000 answers cost something: a cost is not below 0, however wide three standard errors are.
  const costs = Array.from({ length: 6_000 }, (_, index) => (index === 0 ? 1 : 0));
  expect(bcaMeanInterval(costs, { random })?.[0]).toBe(0);
  const shares = costs.map((cost) => 1 - cost);
  expect(bcaMeanInterval(shares, { random })?.[1]).toBe(1);
});
