import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { benjaminiHochberg, holm } from '../../src/statistics/multiplicity.ts';
import { describeGoldens } from './goldens.ts';

describeGoldens('multiplicity', (goldens) => {
  test('Holm and Benjamini-Hochberg', () => {
    const { holm: step_down, benjamini_hochberg: step_up } = goldens();
    for (const [index, adjusted] of holm(step_down.p).entries()) {
      expect(adjusted).toBeCloseTo(step_down.adjusted[index]!, 9);
    }
    for (const [index, adjusted] of benjaminiHochberg(step_up.p).entries()) {
      expect(adjusted).toBeCloseTo(step_up.adjusted[index]!, 9);
    }
  });
});

const probabilities = fc.double({ min: 0, max: 1, noNaN: true, minExcluded: true });
const families = fc.array(probabilities, { minLength: 1, maxLength: 20 });

/** Which hypotheses the step-down procedure, as Holm wrote it, rejects at a level. */
function rejectedByHolm(pValues: readonly number[], level: number): Set<number> {
  const rejected = new Set<number>();
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  for (const [rank, index] of order.entries()) {
    if (pValues[index]! > level / (pValues.length - rank)) break;
    rejected.add(index);
  }
  return rejected;
}

/** Which hypotheses the step-up procedure, as Benjamini and Hochberg wrote it, rejects at a rate. */
function rejectedByBenjaminiHochberg(pValues: readonly number[], rate: number): Set<number> {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  const last = order.findLastIndex((index, rank) => pValues[index]! <= ((rank + 1) / pValues.length) * rate);
  return new Set(order.slice(0, last + 1));
}

function below(adjusted: readonly number[], level: number): Set<number> {
  return new Set(adjusted.keys().filter((index) => adjusted[index]! <= level));
}

describe.each([
  ['Holm', holm, rejectedByHolm],
  ['Benjamini-Hochberg', benjaminiHochberg, rejectedByBenjaminiHochberg],
] as const)('%s', (_name, adjust, rejected) => {
  test('rejects what the procedure rejects, at any level', () => {
    fc.assert(
      fc.property(families, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (pValues, level) => {
        expect(below(adjust(pValues), level)).toEqual(rejected(pValues, level));
      }),
    );
  });

  test('never lowers a p-value, never passes 1, keeps the order and the ties', () => {
    fc.assert(
      fc.property(families, (pValues) => {
        const adjusted = adjust(pValues);
        for (const [i, p] of pValues.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          expect(adjusted[i]).toBeLessThanOrEqual(1);
          for (const [j, other] of pValues.entries()) {
            if (p <= other) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
          }
        }
      }),
    );
  });

  test('leaves one p-value as it is, none as none, and its input alone', () => {
    expect(adjust([0.03])).toEqual([0.03]);
    expect(adjust([])).toEqual([]);
    const pValues = [0.5, 0.01];
    adjust(pValues);
    expect(pValues).toEqual([0.5, 0.01]);
  });
});

test('Holm is at least as strict as Benjamini-Hochberg', () => {
  fc.assert(
    fc.property(families, (pValues) => {
      const lenient = benjaminiHochberg(pValues);
      for (const [index, strict] of holm(pValues).entries()) {
        expect(strict).toBeGreaterThanOrEqual(lenient[index]! * (1 - 1e-12));
      }
    }),
  );
});
