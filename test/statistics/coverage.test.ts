import { describe, expect, test } from 'vitest';
import { bcaClusterMeanInterval, bcaInterval, bcaMeanInterval } from '../../src/statistics/bootstrap.ts';
import type { Interval } from '../../src/statistics/interval.ts';
import { createRandom, type Random } from '../../src/statistics/random.ts';

/** Share of 95% intervals that contain the truth. */
function coverage(truth: number, draw: (random: Random) => Interval | null, repetitions = 500): number {
  let covered = 0;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const interval = draw(createRandom(`coverage ${repetition}`));
    if (interval && interval[0] <= truth && truth <= interval[1]) covered++;
  }
  return covered / repetitions;
}

function expectNominal(share: number): void {
  expect(share).toBeGreaterThanOrEqual(0.92);
  expect(share).toBeLessThanOrEqual(0.98);
}

/** Skewness 2. */
const exponential = (random: Random) => -Math.log(1 - random.next());

const sampleOf = (random: Random, size: number) => Array.from({ length: size }, () => exponential(random));

describe('coverage of the 95% interval on skewed data', () => {
  const resamples = 1000;

  test('of a mean of exponential values', () => {
    expectNominal(coverage(1, (random) => bcaMeanInterval(sampleOf(random, 80), { random, resamples })));
  });

  test('of a mean over clusters of unlike sizes', () => {
    const clusters = (random: Random) =>
      Array.from({ length: 150 }, (_, index) => {
        const size = 1 + (index % 5);
        return { size, sum: size * exponential(random) };
      });
    expectNominal(coverage(1, (random) => bcaClusterMeanInterval(clusters(random), { random, resamples })));
  });

  test('of a rare failure', () => {
    const outcomes = (random: Random) => Array.from({ length: 150 }, () => (random.next() < 0.92 ? 1 : 0));
    expectNominal(coverage(0.92, (random) => bcaMeanInterval(outcomes(random), { random, resamples })));
  });

  test('of a ratio of two skewed sums', () => {
    const ratio = (items: readonly (readonly [number, number])[]) =>
      items.reduce((sum, [hits]) => sum + hits, 0) / items.reduce((sum, [, found]) => sum + found, 0);
    const items = (random: Random) =>
      sampleOf(random, 60).map((found) => [found * random.next(), found] as const);
    expectNominal(
      coverage(0.5, (random) => bcaInterval(items(random), ratio, { random, resamples: 400 }), 300),
    );
  });

  test('of thousands of values', () => {
    expectNominal(coverage(1, (random) => bcaMeanInterval(sampleOf(random, 5001), { random })));
  });
});
