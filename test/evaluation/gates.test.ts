import { describe, expect, it } from 'vitest';
import type { FamilyMetric } from '../../src/config/load.ts';
import { judgeGates } from '../../src/evaluation/gates.ts';
import type { Interval, MetricComparison, MetricSummary } from '../../src/evaluation/scorecard.ts';
import { metricNamed } from './scripted.ts';

const gated = (gate: FamilyMetric['gate']) => [{ ...metricNamed('quality'), gate }];

const summary = (mean: number | null): Record<string, MetricSummary> => ({
  quality: { mean, interval: null, n: 20, missing: 0, unit: 'ratio', direction: 'higher' },
});

const changed = (interval: Interval | null): Record<string, MetricComparison> => ({
  quality: { base: 0.5, head: 0.5, difference: 0, interval, p: 0.5, n: 20, verdict: 'inconclusive' },
});

describe('a gate on the value', () => {
  it.each([
    [{ min: 0.9 }, 0.9, true],
    [{ min: 0.9 }, 0.8999, false],
    [{ max: 0.1 }, 0.1, true],
    [{ max: 0.1 }, 0.1001, false],
    [{ min: 0.2, max: 0.4 }, 0.3, true],
    [{}, 0, true],
  ])('%j holds at %d: %s', (gate, mean, passed) => {
    expect(judgeGates(gated(gate), summary(mean), null).passed).toBe(passed);
  });

  it.each([{ min: 0 }, { max: 1 }])('%j fails when there is nothing to judge', (gate) => {
    const result = judgeGates(gated(gate), summary(null), null);
    expect(result).toEqual({ passed: false, reasons: ['quality could not be measured'] });
    expect(judgeGates(gated(gate), {}, null).passed).toBe(false);
  });

  it('says small amounts with the digits that decided', () => {
    const { reasons } = judgeGates(gated({ max: 0.0003 }), summary(0.00042), null);
    expect(reasons).toEqual(['quality is 0.00042, above the most allowed 0.0003']);
  });
});

describe('a gate on the change', () => {
  it.each([
    [{ maxDrop: 0.02 }, [-0.1, -0.02], true],
    [{ maxDrop: 0.02 }, [-0.1, -0.021], false],
    [{ maxDrop: 0.02 }, [-0.5, 0.01], true],
    [{ maxDrop: 0.02 }, [0.1, 0.2], true],
    [{ maxDrop: 0 }, [-0.1, 0], true],
    [{ maxIncrease: 0.02 }, [0.02, 0.1], true],
    [{ maxIncrease: 0.02 }, [0.021, 0.1], false],
    [{ maxIncrease: 0.02 }, [-0.01, 0.5], true],
    [{ maxIncrease: 0.02 }, [-0.2, -0.1], true],
  ] as const)('%j holds for an interval of %j: %s', (gate, interval, passed) => {
    expect(judgeGates(gated(gate), summary(0.5), changed(interval)).passed).toBe(passed);
  });

  it('is not judged without a base or without an interval', () => {
    expect(judgeGates(gated({ maxDrop: 0 }), summary(0.5), null).passed).toBe(true);
    expect(judgeGates(gated({ maxDrop: 0 }), summary(0.5), changed(null)).passed).toBe(true);
  });
});

it('names every gate that fails', () => {
  const gate = { min: 0.9, maxDrop: 0.01 };
  const { passed, reasons } = judgeGates(gated(gate), summary(0.5), changed([-0.4, -0.2]));
  expect(passed).toBe(false);
  expect(reasons).toEqual([
    'quality is 0.5, below the least allowed 0.9',
    'quality fell by more than the allowed 0.01 (95% interval -0.4 to -0.2)',
  ]);
});
