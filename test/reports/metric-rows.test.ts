import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MetricComparison, MetricSummary } from '../../src/evaluation/scorecard.ts';
import {
  adjustedPOf,
  describeCount,
  describeInterval,
  isCost,
  rowsOf,
} from '../../src/reports/metric-rows.ts';
import { comparedPrompt } from './comparison-fixture.ts';
import { compared, evaluation } from './fixtures.ts';

const prompt = comparedPrompt();
const rows = rowsOf(prompt, null, prompt.comparison ?? null);

const summaries = fc.dictionary(
  fc.string({ minLength: 1 }),
  fc.record({
    mean: fc.constant(0.5),
    interval: fc.constant(null),
    n: fc.nat(),
    missing: fc.nat(),
    unit: fc.constantFrom<MetricSummary['unit']>('ratio', 'ms', 'tokens', 'usd'),
    direction: fc.constantFrom<MetricSummary['direction']>('higher', 'lower'),
    tier: fc.constantFrom('gate' as const, 'objective' as const, 'report' as const),
  }),
);

describe('the rows of a table', () => {
  it('begin with the objective, then gates, weights and the rest, costs last in each', () => {
    expect(rows.map(({ name }) => name)).toEqual([
      'objective',
      'intent_accuracy',
      'format_compliance',
      'tokens',
      'slot_f1',
      'hallucination_rate',
      'latency',
      'cost',
    ]);
  });

  it('are each metric once, whatever they are called', () => {
    fc.assert(
      fc.property(summaries, (metrics) => {
        const [, ...shown] = rowsOf({ metrics, objective: prompt.objective }, null, null);
        expect(shown.map(({ name }) => name).sort()).toEqual(Object.keys(metrics).sort());
        const ranks = shown.map(
          (row) => 2 * ['gate', 'objective', 'report'].indexOf(row.tier ?? '') + Number(isCost(row)),
        );
        expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
        expect(shown.every(({ comparison, base }) => comparison === null && base === null)).toBe(true);
      }),
    );
  });

  it('claim no role where a report of an earlier version names none', () => {
    expect(rowsOf(evaluation(), null, null).map(({ tier }) => tier)).toEqual(Array(5).fill(null));
  });
});

describe('the adjusted p', () => {
  it('is shown where it reads other than p', () => {
    const shown = rows.flatMap(({ name, comparison }) => {
      const p = adjustedPOf(comparison);
      return p === null ? [] : [[name, p]];
    });
    // That of tokens is three times its p, and both are less than one in a thousand.
    expect(shown).toEqual([['intent_accuracy', 0.062]]);
  });
});

describe('the count behind a row', () => {
  it('says of how many where not all have a value in both', () => {
    const [first] = rows;
    if (!first) throw new Error('there are rows');
    expect(describeCount(first)).toBe('198 of 200');
    const whole = { ...first.head, n: 200, missing: 0 };
    expect(describeCount({ ...first, head: whole, comparison: null })).toBe('200');
    // The head has all values, the base some.
    const some = compared(0.1, 0.2, 0.1, 0.1, 'inconclusive', 150);
    expect(describeCount({ ...first, head: whole, comparison: some })).toBe('150 of 200');
  });
});

describe('the interval of a difference', () => {
  it('names its confidence where that is not the 95% of its column', () => {
    const shown = (comparison: MetricComparison | null) => describeInterval({ unit: 'ratio', comparison });
    const comparison = compared(0.5, 0.62, 0.1, 0.004, 'improvement');
    expect(shown(comparison)).toBe('+2.0 to +22.0');
    expect(shown({ ...comparison, confidence: 0.9 })).toBe('+2.0 to +22.0 (90%)');
    expect(shown({ ...comparison, confidence: 0.9, interval: null })).toBe('–');
    expect(shown(null)).toBe('–');
  });
});
