import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mcnemarExact } from '../../src/statistics/mcnemar.ts';
import { signFlipTest, swapTest } from '../../src/statistics/permutation.ts';
import { createRandom } from '../../src/statistics/random.ts';

const random = createRandom('permutation tests');

/** The share of all sign patterns at least as extreme, in integers, so that ties are ties. */
function enumerateSigns(differences: readonly number[]): number {
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0));
  let extreme = 0;
  for (let pattern = 0; pattern < 2 ** differences.length; pattern++) {
    let sum = 0;
    differences.forEach((value, index) => {
      sum += (pattern >> index) & 1 ? -value : value;
    });
    if (Math.abs(sum) >= observed) extreme++;
  }
  return extreme / 2 ** differences.length;
}

const fewIntegers = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 9 });

describe('sign-flip test, all patterns', () => {
  test('agrees with brute force', () => {
    fc.assert(
      fc.property(fewIntegers, (differences) => {
        expect(signFlipTest(differences, { random })).toBeCloseTo(enumerateSigns(differences), 12);
      }),
    );
  });

  test('knows a tie when rounding hides it', () => {
    fc.assert(
      fc.property(fewIntegers, fc.constantFrom(0.1, 1e-9, 0.7, 1e12 / 3), (differences, unit) => {
        const scaled = differences.map((difference) => difference * unit);
        expect(signFlipTest(scaled, { random })).toBeCloseTo(enumerateSigns(differences), 12);
      }),
    );
  });

  test("finds what Fisher found for Darwin's maize: 1726 of 32768 patterns", () => {
    // Fisher, The Design of Experiments (1935), section 21: 15 pairs of plants, in eighths of an inch.
    const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    expect(signFlipTest(darwin, { random, permutations: 2 ** 15 })).toBe(863 / 16384);
    expect(enumerateSigns(darwin)).toBe(863 / 16384);
  });

  test('is 1 when nothing differs, and ignores pairs that do not', () => {
    expect(signFlipTest([], { random })).toBe(1);
    expect(signFlipTest([0, 0, 0], { random })).toBe(1);
    expect(signFlipTest([...Array(500).fill(0), 1, 2, 3], { random })).toBe(2 / 8);
  });
});

describe('sign-flip test, random patterns', () => {
  test('comes close to the exact p-value', () => {
    // Equal differences make the sign-flip test the sign test, which McNemar's exact test also is.
    for (const [plus, minus] of [
      [30, 18],
      [60, 40],
      [520, 480],
    ] as const) {
      const differences = [...Array(plus).fill(0.25), ...Array(minus).fill(-0.25)];
      const p = signFlipTest(differences, { random: random.fork('sign test'), permutations: 40_000 });
      expect(Math.abs(p - mcnemarExact(plus, minus))).toBeLessThan(0.01);
    }
  });

  test('flips each difference by itself, wherever it stands in the words of 32 bits', () => {
    for (let n = 14; n <= 80; n++) {
      // The two large differences cancel in half of the patterns; the others are too small to matter.
      const differences = [1000, -1000, ...Array(n - 2).fill(1)];
      const p = signFlipTest(differences, { random: random.fork(`${n}`), permutations: 2000 });
      expect(Math.abs(p - 0.5)).toBeLessThan(0.05);
    }
  });

  test('is never 0', () => {
    expect(signFlipTest(Array(100).fill(1), { random, permutations: 999 })).toBe(1 / 1000);
  });

  test('stays on random patterns when a few differences dominate thousands', () => {
    // The normal approximation, one standard deviation out, would say .32 to both.
    const agreeing = [1e6, ...Array(20_000).fill(1)];
    expect(signFlipTest(agreeing, { random, permutations: 2000 })).toBe(1 / 2001);
    const balanced = [1e6, ...Array(10_000).fill(1), ...Array(10_000).fill(-1)];
    expect(Math.abs(signFlipTest(balanced, { random, permutations: 2000 }) - 0.5)).toBeLessThan(0.05);
  });
});

describe('sign-flip test, normal approximation', () => {
  test('meets the exact sign test', () => {
    for (const excess of [0, 100, 200, 300, 400]) {
      const plus = 10_000 + excess / 2;
      const minus = 10_000 - excess / 2;
      const p = signFlipTest([...Array(plus).fill(3), ...Array(minus).fill(-3)], { random });
      expect(Math.abs(p - mcnemarExact(plus, minus))).toBeLessThan(0.006);
    }
  });

  test('needs no random numbers and is never 0', () => {
    const unused = createRandom(1);
    expect(signFlipTest(Array(100_000).fill(0.5), { random: unused })).toBeGreaterThan(0);
    expect(unused.next()).toBe(createRandom(1).next());
  });
});

describe('sign-flip test, laws', () => {
  const manyNumbers = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 });
  const p = (differences: readonly number[]) =>
    signFlipTest(differences, { random: createRandom(9), permutations: 200 });

  test('p is in (0, 1] and the same for base and head exchanged, and in any order', () => {
    fc.assert(
      fc.property(manyNumbers, fc.integer(), (differences, seed) => {
        const value = p(differences);
        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(p(differences.map((difference) => -difference))).toBe(value);
        expect(p(createRandom(seed).shuffle(differences))).toBe(value);
      }),
    );
  });
});

describe('swap test', () => {
  const differenceOfSums = (differences: readonly number[]) => (swapped: Uint8Array) =>
    differences.reduce((sum, difference, unit) => sum + (swapped[unit] === 1 ? -difference : difference), 0);

  test('of a sum is the sign-flip test', () => {
    fc.assert(
      fc.property(fewIntegers, (differences) => {
        const p = swapTest(differences.length, differenceOfSums(differences), { random });
        expect(p).toBeCloseTo(enumerateSigns(differences), 12);
      }),
    );
  });

  test('tries random labellings when there are many, and is never 0', () => {
    const p = swapTest(48, differenceOfSums([...Array(30).fill(1), ...Array(18).fill(-1)]), { random });
    expect(Math.abs(p - mcnemarExact(30, 18))).toBeLessThan(0.03);
    expect(swapTest(40, differenceOfSums(Array(40).fill(1)), { random, permutations: 99 })).toBe(1 / 100);
  });

  test('counts labellings without a defined statistic against a difference', () => {
    const undefinedOnceSwapped = (swapped: Uint8Array) => (swapped.includes(1) ? Number.NaN : 5);
    expect(swapTest(4, undefinedOnceSwapped, { random })).toBe(1);
    expect(swapTest(40, undefinedOnceSwapped, { random })).toBe(1);
  });
});
