import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  kolmogorovDistance,
  kolmogorovP,
  meanDistance,
  meanDistanceP,
} from '../../src/statistics/distribution-shift.ts';
import { quantileBound, quantileOf } from '../../src/statistics/quantile.ts';
import { createRandom } from '../../src/statistics/random.ts';

describe('the distance of two samples', () => {
  it('is the largest difference of their distribution functions', () => {
    expect(kolmogorovDistance([1, 2, 3, 4], [3, 4, 5, 6])).toBe(0.5);
    expect(kolmogorovDistance([1, 1, 1], [2, 2])).toBe(1);
    expect(kolmogorovDistance([], [1])).toBeNaN();
  });

  it('is 0 for a sample and itself however often, and does not see the order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        expect(kolmogorovDistance(values, [...values, ...values].reverse())).toBeCloseTo(0, 12);
      }),
    );
  });

  it('is found beyond its tolerance by mistake no more often than p says', () => {
    const random = createRandom('kolmogorov');
    const draw = (n: number, shift: number) => Array.from({ length: n }, () => random.next() + shift);
    const [runs, tolerance] = [2000, 0.1];
    // The true distance of two uniform distributions, one of them shifted, is the shift.
    const found = Array.from({ length: runs }, () =>
      kolmogorovP(kolmogorovDistance(draw(50, 0), draw(200, tolerance)), 50, 200, tolerance),
    );
    for (const alpha of [0.5, 0.2, 0.05])
      expect(found.filter((p) => p <= alpha).length / runs).toBeLessThanOrEqual(alpha);
    expect(kolmogorovP(kolmogorovDistance(draw(500, 0), draw(500, 0.5)), 500, 500, tolerance)).toBeLessThan(
      1e-6,
    );
  });
});

describe('the distance of two means of vectors', () => {
  const sum = (vectors: readonly (readonly number[])[]) => ({
    sum: Float64Array.from([0, 1], (axis) =>
      vectors.reduce((total, vector) => total + (vector[axis] ?? 0), 0),
    ),
    n: vectors.length,
  });

  it('is the length of their difference', () => {
    expect(
      meanDistance(
        sum([
          [1, 0],
          [0, 1],
        ]),
        sum([[0, 1]]),
      ),
    ).toBeCloseTo(Math.SQRT1_2, 12);
  });

  it('is found by mistake no more often than p says, and found where it is large', () => {
    const random = createRandom('vectors');
    const draw = (n: number, share: number) =>
      sum(Array.from({ length: n }, () => (random.next() < share ? [1, 0] : [0, 1])));
    const runs = 2000;
    const found = Array.from({ length: runs }, () =>
      meanDistanceP(meanDistance(draw(40, 0.5), draw(40, 0.5)), 40, 40, 0),
    );
    for (const alpha of [0.5, 0.2, 0.05])
      expect(found.filter((p) => p <= alpha).length / runs).toBeLessThanOrEqual(alpha);
    expect(meanDistanceP(meanDistance(draw(500, 0.9), draw(500, 0.1)), 500, 500, 0.1)).toBeLessThan(1e-6);
  });

  it('does not take for a distance what many dimensions make of chance', () => {
    const random = createRandom('dimensions');
    const draw = (n: number) => {
      const total = new Float64Array(200);
      for (let index = 0; index < n; index++) {
        const axis = random.integer(total.length);
        total[axis] = (total[axis] ?? 0) + 1;
      }
      return { sum: total, n };
    };
    const runs = 200;
    const found = Array.from({ length: runs }, () =>
      meanDistanceP(meanDistance(draw(40), draw(40)), 40, 40, 0),
    );
    for (const alpha of [0.9, 0.7, 0.5])
      expect(found.filter((p) => p <= alpha).length / runs).toBeLessThanOrEqual(alpha);
  });
});

describe('a quantile', () => {
  it('is the value at its rank', () => {
    expect(quantileOf([1, 2, 3, 4], 0.5)).toBe(2);
    expect(quantileOf([1, 2, 3, 4], 0.95)).toBe(4);
    expect(quantileOf([], 0.5)).toBeNull();
  });

  it.each(['upper', 'lower'] as const)(
    'has a bound on its %s side that it passes as rarely as asked',
    (side) => {
      const random = createRandom(`quantile ${side}`);
      const [runs, alpha, q] = [1000, 0.1, 0.9];
      const passed = Array.from({ length: runs }, () => {
        const sorted = Float64Array.from({ length: 200 }, () => random.next()).sort();
        const bound = quantileBound(sorted, { q, alpha, side }) ?? Number.NaN;
        return side === 'upper' ? bound < q : bound > q;
      });
      expect(passed.filter(Boolean).length / runs).toBeLessThanOrEqual(alpha);
    },
  );

  it('has no bound where there are too few values', () => {
    expect(quantileBound([1, 2, 3], { q: 0.95, alpha: 0.01, side: 'upper' })).toBeNull();
  });
});
