import { describe, expect, it } from 'vitest';
import type { FamilyMetric } from '../../src/config/load.ts';
import { scorecardOf } from '../../src/evaluation/evaluate.ts';
import { noUsage } from '../../src/models/usage.ts';
import { promptReport } from '../../src/reports/prompt-report.ts';

function metric(name: string, weight: number, gate: FamilyMetric['gate']): FamilyMetric {
  return {
    metric: {
      name,
      description: '',
      direction: 'higher',
      unit: 'ratio',
      scale: 'binary',
      score: () => ({ value: 1, feedback: '' }),
    },
    weight,
    gate,
  };
}

describe('the report of a prompt', () => {
  it('says what each metric decides', () => {
    const prompt = {
      id: 'family/name',
      version: '1.0.0',
      model: 'local/model',
      messages: [],
      parameters: {},
    };
    const card = scorecardOf(
      prompt,
      { path: 'test.yaml', digest: 'd', split: 'test', n: 0 },
      [
        metric('gated', 0, { min: 0.9 }),
        metric('gated_and_weighted', 1, { maxDrop: '5%' }),
        metric('weighted', 1, {}),
        metric('reported', 0, {}),
      ],
      { results: [], usage: noUsage, metricUsage: noUsage, latencies: [] },
    );
    const { metrics, objective } = promptReport(card, { elapsedMs: null });
    expect(Object.entries(metrics).map(([name, { tier }]) => [name, tier])).toEqual([
      ['gated', 'gate'],
      ['gated_and_weighted', 'gate'],
      ['weighted', 'objective'],
      ['reported', 'report'],
    ]);
    expect(objective.tier).toBeUndefined();
  });
});
