import fc from 'fast-check';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Choices } from '../../src/optimization/proposal.ts';
import { buildSpace } from '../../src/optimization/space.ts';
import {
  candidateEffects,
  expectedImprovement,
  fitSurrogate,
  similarity,
} from '../../src/optimization/surrogate.ts';
import { layouts } from '../../src/prompts/anatomy.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { latentWorld } from './latent-model.ts';

const { prompt, splits } = latentWorld(1);
const space = buildSpace(prompt, splits.train.examples, { maxDemonstrations: 16, random: createRandom(1) });
const ids = [...space.pool.keys()].slice(0, 12);

const anyChoices = fc.record({
  instruction: fc.constantFrom(...space.instructions),
  layout: fc.constantFrom(...layouts),
  demonstrations: fc.shuffledSubarray(ids),
});

const choicesWith = (demonstrations: readonly string[], fields: Partial<Choices> = {}): Choices => ({
  ...space.base,
  ...fields,
  demonstrations,
});

const valuesOf = (values: readonly number[], from = 0) =>
  new Map(values.map((value, index) => [from + index, value]));

describe('the likeness of two candidates', () => {
  it('is symmetric, 1 with itself and never outside [0, 1]', () => {
    fc.assert(
      fc.property(anyChoices, anyChoices, (a, b) => {
        expect(similarity(space, a, a)).toBeCloseTo(1, 12);
        expect(similarity(space, a, b)).toBeCloseTo(similarity(space, b, a), 12);
        expect(similarity(space, a, b)).toBeLessThanOrEqual(1 + 1e-12);
        expect(similarity(space, a, b)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('makes a matrix that is positive definite, up to rounding, for any candidates', () => {
    fc.assert(
      fc.property(fc.array(anyChoices, { minLength: 2, maxLength: 25 }), (candidates) => {
        const matrix = candidates.map((a, row) =>
          candidates.map((b, column) => similarity(space, a, b) + (row === column ? 1e-9 : 0)),
        );
        expect(new CholeskyDecomposition(new Matrix(matrix)).isPositiveDefinite()).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('grows with each demonstration that two sets share', () => {
    const [a = '', b = '', c = '', d = '', e = ''] = ids;
    const likeness = (others: readonly string[]) =>
      similarity(space, choicesWith([a, b, c]), choicesWith(others));
    expect(likeness([a, b, d])).toBeGreaterThan(likeness([a, d, e]));
    expect(likeness([a, b, d])).toBeLessThan(likeness([c, b, a]));
    const other = { instruction: 'Other words.' };
    expect(similarity(space, choicesWith([a]), choicesWith([a], other))).toBeLessThan(1);
  });
});

describe('effects of candidates', () => {
  it('are recovered when candidates saw different numbers of rows, easy and hard ones', () => {
    const effect = fc.double({ min: -0.5, max: 0.5, noNaN: true });
    const seen = fc.constantFrom(10, 20, 40);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(effect, seen), { minLength: 2, maxLength: 12 }),
        fc.nat(1000),
        (field, seed) => {
          const random = createRandom(seed);
          const hardness = Array.from({ length: 40 }, () => random.next());
          const observed = field.map(([own, rows]) => ({
            choices: space.base,
            values: valuesOf(hardness.slice(0, rows).map((row) => row + own)),
          }));
          const { candidates } = candidateEffects(observed);
          const center = field.reduce((sum, [own]) => sum + own, 0) / field.length;
          for (const [index, [own]] of field.entries())
            expect(candidates[index]).toBeCloseTo(own - center, 1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('do not take luck with easy rows for merit', () => {
    // The first saw only easy rows, where both others are as good; on its hard rows the second fails.
    const observed = [
      valuesOf([1, 1, 1, 1]),
      valuesOf([1, 1, 1, 1, 0, 0, 0, 0]),
      valuesOf([1, 1, 1, 1, 0, 0, 0, 0]),
    ];
    const { candidates } = candidateEffects(observed.map((values) => ({ choices: space.base, values })));
    for (const effect of candidates) expect(effect).toBeCloseTo(0, 2);
  });
});

describe('the belief about a candidate', () => {
  const [a = '', b = '', c = '', d = ''] = ids;
  const rows = 60;
  const observed = [
    {
      choices: choicesWith([a, b]),
      values: valuesOf(Array.from({ length: rows }, (_, row) => (row % 10 < 8 ? 1 : 0))),
    },
    {
      choices: choicesWith([c, d]),
      values: valuesOf(Array.from({ length: rows }, (_, row) => (row % 10 < 2 ? 1 : 0))),
    },
  ];
  const belief = fitSurrogate(space, observed);

  it('lies near what was measured, and is surest there', () => {
    expect(belief(choicesWith([a, b])).mean).toBeGreaterThan(0.15);
    expect(belief(choicesWith([c, d])).mean).toBeLessThan(-0.15);
    const far = choicesWith(ids.slice(4, 12), { instruction: 'Other words.', layout: 'one message' });
    expect(belief(choicesWith([a, b])).sd).toBeLessThan(belief(far).sd);
    expect(Math.abs(belief(far).mean)).toBeLessThan(0.1);
  });

  it('passes on to candidates that share demonstrations', () => {
    const [e = ''] = ids.slice(5);
    expect(belief(choicesWith([a, e])).mean).toBeGreaterThan(belief(choicesWith([c, e])).mean + 0.05);
  });

  it('trusts many rows more than few', () => {
    const few = fitSurrogate(
      space,
      observed.map(({ choices, values }) => ({ choices, values: new Map([...values].slice(0, 10)) })),
    );
    expect(few(choicesWith([a, b])).sd).toBeGreaterThan(belief(choicesWith([a, b])).sd);
  });

  it('has a mean and a positive deviation for anything, however little was measured', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyChoices, fc.nat(3)), { maxLength: 8 }), anyChoices, (field, asked) => {
        const about = fitSurrogate(
          space,
          field.map(([choices, hits]) => ({
            choices,
            values: valuesOf([0, 1, 2].map((row) => (row < hits ? 1 : 0))),
          })),
        );
        const { mean, sd } = about(asked);
        expect(Number.isFinite(mean)).toBe(true);
        expect(sd).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe('expected improvement', () => {
  const mean = fc.double({ min: -1, max: 1, noNaN: true });
  const sd = fc.double({ min: 0.01, max: 0.5, noNaN: true });

  it('is never negative, nor less than the plain gain', () => {
    fc.assert(
      fc.property(mean, sd, mean, (m, s, best) => {
        const gain = expectedImprovement({ mean: m, sd: s }, best);
        expect(gain).toBeGreaterThanOrEqual(Math.max(0, m - best) - 1e-7);
      }),
    );
  });

  it('grows with the mean and with the doubt', () => {
    fc.assert(
      fc.property(mean, sd, (m, s) => {
        const gain = expectedImprovement({ mean: m, sd: s }, 0);
        expect(expectedImprovement({ mean: m + 0.1, sd: s }, 0)).toBeGreaterThanOrEqual(gain - 1e-7);
        expect(expectedImprovement({ mean: m, sd: s + 0.1 }, 0)).toBeGreaterThanOrEqual(gain - 1e-7);
      }),
    );
  });

  it('at the best known mean is the deviation over the square root of two pi', () => {
    expect(expectedImprovement({ mean: 0.4, sd: 0.2 }, 0.4)).toBeCloseTo(0.2 / Math.sqrt(2 * Math.PI), 6);
  });
});
