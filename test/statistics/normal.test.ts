import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalCdf, normalQuantile, normalTwoSidedP } from '../../src/statistics/normal.ts';

describe('normal distribution', () => {
  test('has its tabulated values', () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 15);
    expect(normalCdf(-2)).toBeCloseTo(0.02275013194817921, 14);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.005)).toBeCloseTo(-2.5758293035489004, 12);
  });

  test('quantile and distribution function undo each other', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true }), (probability) => {
        expect(normalCdf(normalQuantile(probability))).toBeCloseTo(probability, 12);
      }),
    );
  });

  test('a two-sided p-value is symmetric, 1 at no distance and never 0', () => {
    expect(normalTwoSidedP(1.959963984540054)).toBeCloseTo(0.05, 12);
    expect(normalTwoSidedP(-1.959963984540054)).toBeCloseTo(0.05, 12);
    expect(normalTwoSidedP(0)).toBe(1);
    for (const z of [40, -40, Number.POSITIVE_INFINITY]) expect(normalTwoSidedP(z)).toBe(Number.EPSILON);
  });
});
