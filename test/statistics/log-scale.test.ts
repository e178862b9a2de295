import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amountAt, logScaled, relativeChange } from '../../src/statistics/log-scale.ts';

const scale = { best: 100, worst: 100_000 };

test('equal ratios of an amount are equal distances, and everything beyond the scale counts as its end', () => {
  expect([0, 50, 100].map((amount) => logScaled(amount, scale))).toEqual([1, 1, 1]);
  expect([100_000, 1e9].map((amount) => logScaled(amount, scale))).toEqual([0, 0]);
  expect(logScaled(1000, scale)).toBeCloseTo(2 / 3, 12);
  const slower = (amount: number) => logScaled(amount, scale) - logScaled(2 * amount, scale);
  expect(slower(200)).toBeCloseTo(slower(20_000), 12);
  expect(logScaled(Number.NaN, scale)).toBeNaN();
});

test('gives back the amount of a value, and the ratio of two amounts', () => {
  const amount = fc.double({ min: scale.best, max: scale.worst, noNaN: true });
  fc.assert(
    fc.property(amount, amount, (one, other) => {
      const [value, compared] = [logScaled(one, scale), logScaled(other, scale)];
      expect(amountAt(value, scale) / one).toBeCloseTo(1, 9);
      expect(relativeChange(value - compared, scale)).toBeCloseTo(one / other - 1, 8);
    }),
  );
});
