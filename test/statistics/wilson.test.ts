import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wilsonInterval } from '../../src/statistics/wilson.ts';

describe('Wilson interval', () => {
  test('agrees with published values', () => {
    // Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
    for (const [successes, n, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const interval = wilsonInterval(successes, n);
      expect(interval?.[0]).toBeCloseTo(low, 4);
      expect(interval?.[1]).toBeCloseTo(high, 4);
    }
  });

  test('ends where the estimate is z standard errors from the proportion', () => {
    const counts = fc.integer({ min: 1, max: 100_000 }).chain((n) => fc.tuple(fc.nat(n), fc.constant(n)));
    const levels = fc.constantFrom(
      [0.9, 1.6448536269514722],
      [0.95, 1.959963984540054],
      [0.99, 2.5758293035489004],
    );
    fc.assert(
      fc.property(counts, levels, ([successes, n], [confidence, z]) => {
        for (const bound of wilsonInterval(successes, n, confidence) ?? []) {
          const distance = Math.abs(successes / n - bound);
          expect(distance).toBeCloseTo(z! * Math.sqrt((bound * (1 - bound)) / n), 9);
        }
      }),
    );
  });

  test('stays in [0, 1], contains the estimate, and mirrors for failures', () => {
    const counts = fc.integer({ min: 1, max: 10_000 }).chain((n) => fc.tuple(fc.nat(n), fc.constant(n)));
    fc.assert(
      fc.property(counts, ([successes, n]) => {
        const [low, high] = wilsonInterval(successes, n)!;
        const [mirroredHigh, mirroredLow] = wilsonInterval(n - successes, n)!;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / n);
        expect(high).toBeGreaterThanOrEqual(successes / n);
        expect(low).toBeCloseTo(1 - mirroredLow, 12);
        expect(high).toBeCloseTo(1 - mirroredHigh, 12);
      }),
    );
  });

  test('is null without trials', () => {
    expect(wilsonInterval(0, 0)).toBeNull();
  });
});
