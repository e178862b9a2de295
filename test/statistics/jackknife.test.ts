import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceleration, jackknife, jackknifeStandardError } from '../../src/statistics/jackknife.ts';

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const samples = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 60 });

function sumOfPowers(values: readonly number[], power: number): number {
  return values.reduce((sum, value) => sum + (value - mean(values)) ** power, 0);
}

describe('jackknife', () => {
  test('leaves out each item in turn', () => {
    expect([...jackknife([1, 2, 6], mean)]).toEqual([4, 3.5, 1.5]);
  });

  test('leaves out 200 groups of nearly one size when there are more items', () => {
    const items = Array.from({ length: 450 }, (_, index) => index);
    const leftOut = new Map(items.map((item) => [item, 0]));
    const sizes = jackknife(items, (kept) => {
      const present = new Set(kept);
      for (const item of items) if (!present.has(item)) leftOut.set(item, leftOut.get(item)! + 1);
      return items.length - kept.length;
    });
    expect(sizes).toHaveLength(200);
    expect(new Set(sizes)).toEqual(new Set([2, 3]));
    expect(new Set(leftOut.values())).toEqual(new Set([1]));
  });

  test('gives the mean its textbook standard error', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const n = values.length;
        const textbook = Math.sqrt(sumOfPowers(values, 2) / (n - 1) / n);
        expect(jackknifeStandardError(jackknife(values, mean))).toBeCloseTo(textbook, 9);
      }),
    );
  });

  test('gives the mean the acceleration of its skewness, at most 1/6', () => {
    fc.assert(
      fc.property(samples, (values) => {
        const squares = sumOfPowers(values, 2);
        const skewness = squares === 0 ? 0 : sumOfPowers(values, 3) / squares ** 1.5;
        const found = acceleration(jackknife(values, mean));
        if (squares > 0) expect(found).toBeCloseTo(skewness / 6, 9);
        expect(Math.abs(found)).toBeLessThanOrEqual(1 / 6 + 1e-12);
      }),
    );
    expect(acceleration(Float64Array.of(2, 2, 2))).toBe(0);
  });

  test('passes over values that are not defined', () => {
    const values = Float64Array.of(1, Number.NaN, 2, 6, Number.NaN);
    expect(acceleration(values)).toBe(acceleration(Float64Array.of(1, 2, 6)));
    expect(jackknifeStandardError(values)).toBe(jackknifeStandardError(Float64Array.of(1, 2, 6)));
  });
});
