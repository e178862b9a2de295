import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mcnemarExact, mcnemarMidP } from '../../src/statistics/mcnemar.ts';
import { describeGoldens } from './goldens.ts';

describeGoldens('McNemar', (goldens) => {
  test('exact and mid-p', () => {
    for (const { b, c, exact, midP } of goldens().mcnemar) {
      expect(mcnemarExact(b, c)).toBeCloseTo(exact, 6);
      if (midP !== undefined) expect(mcnemarMidP(b, c)).toBeCloseTo(midP, 6);
    }
  });
});

/** numerator / 2^trials, with 60 bits kept. */
function overPowerOfTwo(numerator: bigint, trials: number): number {
  return Number((numerator << 60n) >> BigInt(trials)) / 2 ** 60;
}

/** Tail sums of the binomial distribution in exact arithmetic. */
function exactTails(b: number, c: number): { exact: number; midP: number } {
  const trials = b + c;
  const observed = Math.min(b, c);
  let coefficient = 1n;
  let below = 0n;
  for (let successes = 0; successes < observed; successes++) {
    below += coefficient;
    coefficient = (coefficient * BigInt(trials - successes)) / BigInt(successes + 1);
  }
  const exact = overPowerOfTwo(2n * (below + coefficient), trials);
  return { exact: Math.min(1, exact), midP: overPowerOfTwo(2n * below + coefficient, trials) };
}

const counts = fc.nat(300);

describe('McNemar', () => {
  test('agrees with binomial sums in exact arithmetic', () => {
    fc.assert(
      fc.property(counts, counts, (b, c) => {
        const { exact, midP } = exactTails(b, c);
        expect(mcnemarExact(b, c)).toBeCloseTo(exact, 12);
        expect(mcnemarMidP(b, c)).toBeCloseTo(midP, 12);
      }),
    );
  });

  test('keeps its relative precision far out in the tail', () => {
    // 2 * 0.5^1000 and 2 * (1 + 1000) * 0.5^1000, powers of two and so exact.
    expect(mcnemarExact(0, 1000) * 2 ** 999).toBeCloseTo(1, 10);
    expect(mcnemarExact(1, 999) * 2 ** 999).toBeCloseTo(1001, 7);
    expect(mcnemarMidP(1000, 0) * 2 ** 1000).toBeCloseTo(1, 10);
  });

  test('holds with a million discordant pairs', () => {
    // Doubled values of the binomial distribution function by scipy 1.17 (binom.cdf).
    expect(mcnemarExact(499_000, 501_000)).toBeCloseTo(2 * 0.0228041499326948, 10);
    expect(mcnemarExact(499_999, 500_001)).toBeCloseTo(2 * 0.4996010578193346, 10);
    expect(mcnemarExact(490_000, 510_000) / (2 * 2.772181643854259e-89)).toBeCloseTo(1, 9);
    expect(mcnemarMidP(0, 1_000_000)).toBeGreaterThan(0);
  });

  test('is 1 without discordant pairs and when they are evenly split', () => {
    for (const [b, c] of [
      [0, 0],
      [1, 1],
      [50, 50],
      [500_000, 500_000],
    ] as const) {
      expect(mcnemarExact(b, c)).toBe(1);
      expect(mcnemarMidP(b, c)).toBeCloseTo(1, 12);
    }
  });

  test('is symmetric, in (0, 1], and the mid-p value is never above the exact one', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.nat(5000), (b, c) => {
        const exact = mcnemarExact(b, c);
        const midP = mcnemarMidP(b, c);
        expect(midP).toBeGreaterThan(0);
        expect(exact).toBeLessThanOrEqual(1);
        expect(midP).toBeLessThanOrEqual(exact);
        expect(mcnemarExact(c, b)).toBe(exact);
        expect(mcnemarMidP(c, b)).toBe(midP);
      }),
    );
  });
});
