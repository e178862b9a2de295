import { expect, test } from 'vitest';
import { logScaled } from '../../src/statistics/log-scale.ts';

test('equal ratios of an amount are equal distances, and everything beyond the scale counts as its end', () => {
  const scale = { best: 100, worst: 100_000 };
  expect([0, 50, 100].map((amount) => logScaled(amount, scale))).toEqual([1, 1, 1]);
  expect([100_000, 1e9].map((amount) => logScaled(amount, scale))).toEqual([0, 0]);
  expect(logScaled(1000, scale)).toBeCloseTo(2 / 3, 12);
  const slower = (amount: number) => logScaled(amount, scale) - logScaled(2 * amount, scale);
  expect(slower(200)).toBeCloseTo(slower(20_000), 12);
  expect(logScaled(Number.NaN, scale)).toBeNaN();
});
