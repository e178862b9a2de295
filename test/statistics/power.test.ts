import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mcnemarMidP } from '../../src/statistics/mcnemar.ts';
import { normalCdf, normalQuantile } from '../../src/statistics/normal.ts';
import { comparePaired, type Pair } from '../../src/statistics/paired-comparison.ts';
import { signFlipTest } from '../../src/statistics/permutation.ts';
import { detectableDifference, examplesToDetect, powerOf } from '../../src/statistics/power.ts';
import { createRandom, type Random } from '../../src/statistics/random.ts';

const standardErrors = fc.double({ min: 1e-4, max: 1e4, noNaN: true });
const alphas = fc.double({ min: 0.001, max: 0.1, noNaN: true });
const powers = fc.double({ min: 0.5, max: 0.99, noNaN: true });
const differences = fc.double({ min: -5, max: 5, noNaN: true });
const sizes = fc.integer({ min: 2, max: 10_000 });

describe('the detectable difference', () => {
  test('is 2.80 standard errors at alpha .05 and power .8, and 3.24 at power .9', () => {
    expect(detectableDifference(1)).toBeCloseTo(2.8016, 4);
    expect(detectableDifference(1, { power: 0.9 })).toBeCloseTo(3.2415, 4);
    expect(detectableDifference(1, { alpha: 0.01 })).toBeCloseTo(3.4175, 4);
  });

  test('has the asked power; what the other tail adds is less than .001', () => {
    fc.assert(
      fc.property(standardErrors, alphas, powers, (standardError, alpha, power) => {
        const found = powerOf(detectableDifference(standardError, { alpha, power }), standardError, alpha);
        const otherTail = normalCdf(-2 * normalQuantile(1 - alpha / 2) - normalQuantile(power));
        expect(found - power).toBeCloseTo(otherTail, 9);
        expect(otherTail).toBeLessThan(0.001);
      }),
    );
  });

  test('grows with the standard error, and is halved by four times the examples', () => {
    fc.assert(
      fc.property(standardErrors, sizes, (deviation, n) => {
        const at = (size: number) => detectableDifference(deviation / Math.sqrt(size));
        expect(at(4 * n) / at(n)).toBeCloseTo(0.5, 9);
        expect(at(n + 1)).toBeLessThan(at(n));
      }),
    );
    expect(detectableDifference(0)).toBe(0);
  });

  test('grows with the power asked for and with a smaller alpha', () => {
    fc.assert(
      fc.property(alphas, powers, (alpha, power) => {
        const asked = detectableDifference(1, { alpha, power });
        expect(detectableDifference(1, { alpha: alpha / 2, power })).toBeGreaterThan(asked);
        expect(detectableDifference(1, { alpha, power: (1 + power) / 2 })).toBeGreaterThan(asked);
      }),
    );
  });
});

describe('the power', () => {
  test('is alpha without a difference, and neither less nor more than 1 with one', () => {
    fc.assert(
      fc.property(differences, standardErrors, alphas, (difference, standardError, alpha) => {
        expect(powerOf(0, standardError, alpha)).toBeCloseTo(alpha, 9);
        const power = powerOf(difference, standardError, alpha);
        expect(power).toBeGreaterThanOrEqual(alpha - 1e-9);
        expect(power).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('does not depend on the unit, nor on which side is better', () => {
    fc.assert(
      fc.property(differences, standardErrors, (difference, unit) => {
        expect(powerOf(difference * unit, unit)).toBeCloseTo(powerOf(difference, 1), 9);
        expect(powerOf(-difference, 1)).toBe(powerOf(difference, 1));
      }),
    );
  });

  test('grows with the examples, the difference and alpha', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.2, noNaN: true }), sizes, alphas, (difference, n, alpha) => {
        const power = powerOf(difference, 1 / Math.sqrt(n), alpha);
        fc.pre(power < 1 - 1e-9);
        expect(powerOf(difference, 1 / Math.sqrt(2 * n), alpha)).toBeGreaterThan(power);
        expect(powerOf(1.5 * difference, 1 / Math.sqrt(n), alpha)).toBeGreaterThan(power);
        expect(powerOf(difference, 1 / Math.sqrt(n), 1.5 * alpha)).toBeGreaterThan(power);
      }),
    );
  });
});

/** Share of repetitions in which a test finds a difference at p <= .05. */
function found(name: string, repetitions: number, p: (random: Random) => number): number {
  let count = 0;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    if (p(createRandom(`${name} ${repetition}`)) <= 0.05) count++;
  }
  return count / repetitions;
}

function expectWithin(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected), `${actual} for ${expected}`).toBeLessThanOrEqual(tolerance);
}

/** How many of `n` examples the base alone and the head alone answer rightly, drawn by their shares. */
function discordant(random: Random, n: number, baseAlone: number, headAlone: number): [number, number] {
  let [base, head] = [0, 0];
  for (let index = 0; index < n; index++) {
    const outcome = random.next();
    if (outcome < baseAlone) base++;
    else if (outcome < baseAlone + headAlone) head++;
  }
  return [base, head];
}

describe('agrees with the tests it speaks for, to 3 points', () => {
  test.each([
    [200, 0.05, 0.1],
    [300, 0.1, 0.05],
    [300, 0.02, 0.06],
    [400, 0.1, 0.16],
    [400, 0.1, 0.1],
  ])("McNemar's, of %i examples, %d for the base and %d for the head", (n, baseAlone, headAlone) => {
    const difference = headAlone - baseAlone;
    const standardError = Math.sqrt((baseAlone + headAlone - difference ** 2) / n);
    const simulated = found(`mcnemar ${n} ${baseAlone} ${headAlone}`, 4000, (random) =>
      mcnemarMidP(...discordant(random, n, baseAlone, headAlone)),
    );
    expectWithin(simulated, powerOf(difference, standardError), 0.03);
  });

  test.each([
    [100, 0.5],
    [100, 0.8],
    [100, 0.9],
  ])('sign flips of %i skewed differences, at power %d', (n, power) => {
    // Each prompt's value has a part of its own, the fourth power of a uniform number: variance 1/9 - 1/25.
    const standardError = Math.sqrt((2 * (1 / 9 - 1 / 25)) / n);
    const gain = detectableDifference(standardError, { power });
    const simulated = found(`sign flip ${n} ${power}`, 2000, (random) =>
      signFlipTest(
        Array.from({ length: n }, () => gain + random.next() ** 4 - random.next() ** 4),
        { random, permutations: 2000 },
      ),
    );
    expectWithin(simulated, power, 0.03);
  });
});

describe('the power of pairs at n = 200, from .75 right to .80', () => {
  /**
   * On one example in ten the head alone is right, on one in twenty the base alone: prompts that differ in wording
   * agree on most examples.
   */
  const pairs = (random: Random): Pair<number>[] =>
    Array.from({ length: 200 }, (_, index) => {
      const outcome = random.next();
      const base = outcome < 0.75 ? 1 : 0;
      return { base, head: outcome < 0.7 || outcome >= 0.9 ? 1 : 0, cluster: `${index}` };
    });

  const midP = (drawn: readonly Pair<number>[]) =>
    mcnemarMidP(
      drawn.filter(({ base, head }) => base > head).length,
      drawn.filter(({ base, head }) => head > base).length,
    );

  test('is .43', () => {
    expectWithin(
      found('paired', 4000, (random) => midP(pairs(random))),
      0.43,
      0.03,
    );
  });

  test('is .22 when each prompt answers examples of its own', () => {
    const unpaired = (random: Random) => {
      const others = pairs(random);
      return pairs(random).map((pair, index) => ({ ...pair, head: others[index]?.head ?? 0 }));
    };
    expectWithin(
      found('unpaired', 4000, (random) => midP(unpaired(random))),
      0.22,
      0.03,
    );
  });

  test('is that of the p-value a comparison gives', () => {
    for (let repetition = 0; repetition < 20; repetition++) {
      const random = createRandom(`compared ${repetition}`);
      const drawn = pairs(random);
      expect(comparePaired(drawn, { scale: 'binary', random }).p).toBe(midP(drawn));
    }
  });
});

describe("the winner's curse, of ten candidates no better than the base, at n = 100", () => {
  const EXAMPLES = 100;
  const RIGHT = 0.75;

  /**
   * Right answers of prompts that are right on three examples in four and correlate by .5: with a chance of the root
   * of .5 each answers as the example's difficulty has it, else by luck of its own.
   */
  const answersOf = (random: Random, prompts: number): boolean[][] => {
    const easy = Array.from({ length: EXAMPLES }, () => random.next() < RIGHT);
    return Array.from({ length: prompts }, () =>
      easy.map((isEasy) => (random.next() < Math.SQRT1_2 ? isEasy : random.next() < RIGHT)),
    );
  };

  const alone = (these: readonly boolean[], those: readonly boolean[]) =>
    these.filter((right, index) => right && !those[index]).length;

  /** What a candidate gains on the base, as a share of examples, and whether McNemar's test says that it is better. */
  const gainOn = (base: readonly boolean[], candidate: readonly boolean[]) => {
    const [lost, won] = [alone(base, candidate), alone(candidate, base)];
    return { gain: (won - lost) / EXAMPLES, better: won > lost && mcnemarMidP(lost, won) <= 0.05 };
  };

  const REPETITIONS = 3000;
  const repetitions = Array.from({ length: REPETITIONS }, (_, repetition) => {
    const random = createRandom(`curse ${repetition}`);
    const [base = [], ...candidates] = answersOf(random, 11);
    const [first] = candidates
      .map((candidate) => gainOn(base, candidate))
      .sort((left, right) => right.gain - left.gain);
    const [freshBase = [], freshPick = []] = answersOf(random, 2);
    return { picked: first ?? { gain: Number.NaN, better: false }, fresh: gainOn(freshBase, freshPick) };
  });
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const share = (values: readonly boolean[]) => mean(values.map(Number));

  test('the best looks 4.7 points better and is "significant" in 14% of searches', () => {
    expectWithin(mean(repetitions.map(({ picked }) => picked.gain)), 0.047, 0.005);
    expectWithin(share(repetitions.map(({ picked }) => picked.better)), 0.14, 0.03);
  });

  test('measured again on fresh examples, it gains nothing and is so in at most 5%', () => {
    expectWithin(mean(repetitions.map(({ fresh }) => fresh.gain)), 0, 0.005);
    expect(share(repetitions.map(({ fresh }) => fresh.better))).toBeLessThanOrEqual(0.05);
  });
});

test('the examples that a difference takes are just enough to find it', () => {
  const worth = fc.double({ min: 0.01, max: 1, noNaN: true });
  const deviation = fc.double({ min: 0.05, max: 1, noNaN: true });
  fc.assert(
    fc.property(worth, deviation, sizes, (difference, spread, n) => {
      const needed = examplesToDetect(difference, { standardError: spread / Math.sqrt(n), n });
      const detectableWith = (examples: number) => detectableDifference(spread / Math.sqrt(examples));
      expect(detectableWith(needed)).toBeLessThanOrEqual(difference * (1 + 1e-9));
      if (needed > 1) expect(detectableWith(needed - 1)).toBeGreaterThan(difference * (1 - 1e-9));
    }),
  );
});
