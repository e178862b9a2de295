import { describe, expect, it } from 'vitest';
import type { FamilyMetric } from '../../src/config/load.ts';
import { judgeGates } from '../../src/evaluation/gates.ts';
import type { MetricComparison, MetricSummary } from '../../src/evaluation/scorecard.ts';
import { metricNamed, results } from './scripted.ts';

const gated = (gate: FamilyMetric['gate']) => [{ ...metricNamed('quality'), gate }];

const answered = results('quality', 20, () => 1);

/** A scorecard of 20 answers, some of which failed. */
const summary = (mean: number | null, failed = 0) => ({
  metrics: {
    quality: { mean, interval: null, n: 20, missing: 0, unit: 'ratio', direction: 'higher' },
  } satisfies Record<string, MetricSummary>,
  failures: Array.from({ length: failed }, (_, row) => ({ example: `row ${row}`, error: 'timed out' })),
  results: answered,
});

const changed = (more: Partial<MetricComparison> = {}): Record<string, MetricComparison> => ({
  quality: {
    base: 0.5,
    head: 0.5,
    difference: 0,
    interval: null,
    p: 0.5,
    adjustedP: 0.5,
    margin: null,
    detectable: 0.005,
    n: 20,
    verdict: 'inconclusive',
    ...more,
  },
});

describe('a gate on the value', () => {
  it.each([
    [{ min: 0.9 }, 0.9, true],
    [{ min: 0.9 }, 0.8999, false],
    [{ max: 0.1 }, 0.1, true],
    [{ max: 0.1 }, 0.1001, false],
    [{ min: 0.2, max: 0.4 }, 0.3, true],
    [{}, 0, true],
    // The mean of ten values of 0.1 is a hair less than 0.1.
    [
      { min: 0.1 },
      Array<number>(10)
        .fill(0.1)
        .reduce((a, b) => a + b) / 10,
      true,
    ],
    [{ max: 0.9 }, 0.9000000000000001, true],
  ])('%j holds at %d: %s', (gate, mean, passed) => {
    expect(judgeGates(gated(gate), summary(mean), null).passed).toBe(passed);
  });

  it.each([{ min: 0 }, { max: 1 }])('%j fails when there is nothing to judge', (gate) => {
    const result = judgeGates(gated(gate), summary(null), null);
    expect(result).toEqual({ passed: false, reasons: ['quality could not be measured'], notes: [] });
    expect(judgeGates(gated(gate), { ...summary(null), metrics: {} }, null).passed).toBe(false);
  });

  it('says a value near its limit with the digits that tell them apart', () => {
    expect(judgeGates(gated({ min: 0.9 }), summary(0.899996), null).reasons).toEqual([
      'quality is 0.899996, below the least allowed 0.9',
    ]);
    expect(judgeGates(gated({ max: 0.1 }), summary(0.1 + 1e-7), null).reasons).toEqual([
      'quality is 0.1000001, above the most allowed 0.1',
    ]);
  });

  it('says small amounts with the digits that decided', () => {
    const { reasons } = judgeGates(gated({ max: 0.0003 }), summary(0.00042), null);
    expect(reasons).toEqual(['quality is 0.00042, above the most allowed 0.0003']);
  });
});

describe('a gate on the change', () => {
  it.each([
    [{ maxDrop: 0.02 }, 'higher', -0.021, 'regression', false],
    [{ maxDrop: 0.02 }, 'higher', -0.02, 'regression', true],
    [{ maxDrop: 0.02 }, 'higher', -0.3, 'inconclusive', true],
    [{ maxDrop: 0 }, 'higher', -0.001, 'regression', false],
    // Not -0.02 but -0.020000000000000018.
    [{ maxDrop: 0.02 }, 'higher', 0.9 - 0.92, 'regression', true],
    [{ maxIncrease: 0.02 }, 'lower', 0.92 - 0.9, 'regression', true],
    [{ maxDrop: 0.02 }, 'higher', 0.3, 'improvement', true],
    [{ maxDrop: '10%' }, 'higher', -0.05, 'regression', true],
    [{ maxDrop: '10%' }, 'higher', -0.051, 'regression', false],
    [{ maxIncrease: 0.02 }, 'lower', 0.021, 'regression', false],
    [{ maxIncrease: 0.02 }, 'lower', 0.02, 'regression', true],
    [{ maxIncrease: '4%' }, 'lower', 0.021, 'regression', false],
    [{ maxIncrease: 0.02 }, 'lower', -0.3, 'improvement', true],
  ] as const)(
    '%j of a metric where %s is better, changed by %d (%s): holds %s',
    (gate, direction, difference, verdict, passed) => {
      const metrics = [{ ...metricNamed('quality', { direction }), gate }];
      const comparison = changed({ difference, verdict, interval: [difference - 0.01, difference + 0.01] });
      expect(judgeGates(metrics, summary(0.5), comparison).passed).toBe(passed);
    },
  );

  it('says what it could not judge, and does not fail for it', () => {
    const notesOf = (comparison: Record<string, MetricComparison>) => {
      const { passed, notes } = judgeGates(gated({ maxDrop: 0 }), summary(0.5), comparison);
      expect(passed).toBe(true);
      return notes;
    };
    expect(judgeGates(gated({ maxDrop: 0 }), summary(0.5), null)).toEqual({
      passed: true,
      reasons: [],
      notes: [],
    });
    expect(notesOf({})).toEqual(['quality could not be compared: no example has a value in both']);
    expect(notesOf(changed({ difference: null }))).toEqual([
      'quality could not be compared: no example has a value in both',
    ]);
    expect(notesOf(changed({ verdict: 'unreliable baseline' }))).toEqual([
      'quality was not judged: unreliable baseline',
    ]);
    expect(notesOf(changed({ verdict: 'insufficient data' }))).toEqual([
      'quality was not judged: insufficient data',
    ]);
    expect(notesOf(changed({ detectable: 0.12 }))).toEqual([
      'quality: this dataset shows differences of 0.12 and more; a smaller loss would pass',
    ]);
    expect(notesOf(changed())).toEqual([]);
  });
});

describe('a version that failed on many of its examples', () => {
  const judged = (failed: number, gate: FamilyMetric['gate'], comparison = changed()) =>
    judgeGates(gated(gate), summary(1, failed), comparison);

  it.each([{ min: 0.9 }, { maxDrop: 0.02 }])('passes no gate such as %j, whatever the others say', (gate) => {
    expect(judged(4, gate).passed).toBe(true);
    expect(judged(5, gate)).toMatchObject({
      passed: false,
      reasons: ['5 of 20 answers have no score; the others do not speak for this version'],
    });
  });

  it('fails nothing where nothing is gated', () => {
    expect(judged(20, {}).passed).toBe(true);
    expect(judgeGates(gated({ maxDrop: 0.02 }), summary(1, 20), null).passed).toBe(true);
  });
});

it('names every gate that fails', () => {
  const gate = { min: 0.9, maxDrop: 0.01 };
  const comparison = changed({ difference: -0.3, interval: [-0.4, -0.2], verdict: 'regression' });
  const { passed, reasons } = judgeGates(gated(gate), summary(0.5), comparison);
  expect(passed).toBe(false);
  expect(reasons).toEqual([
    'quality is 0.5, below the least allowed 0.9',
    'quality fell by 0.3, more than the allowed 0.01; 95% interval -0.4 to -0.2',
  ]);
});
