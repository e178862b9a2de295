import { expect, it } from 'vitest';
import { monitoringConfigSchema } from '../../src/config/monitoring.ts';
import { triggersConfigSchema } from '../../src/config/triggers.ts';

function problems(rule: object): readonly string[] {
  const read = monitoringConfigSchema.safeParse({ rules: { rule } });
  return read.error?.issues.map(({ message }) => message) ?? [];
}

it.each([
  [{ metric: 'success' }, 'needs one of above, below, rise, drop, and only one'],
  [{ metric: 'success', below: 0.9, drop: '5%' }, 'needs one of above, below, rise, drop, and only one'],
  [{ metric: 'success', drop: '100%' }, 'nothing falls by 100% and more: give a smaller share'],
  [{ metric: 'success', below: 90 }, 'success lies in [0, 1]: give a bound inside'],
  [{ metric: 'success', drop: '5 percent' }, 'Give an amount, or a share of the baseline as "15%"'],
  [{ metric: 'success', drop: 0.1, window: '30s' }, 'must be 1m or more'],
])('a rule %j is refused', (rule, problem) => {
  expect(problems(rule)).toEqual([problem]);
});

it('a rule with a bound in the unit of its metric is taken', () => {
  expect(problems({ metric: 'latency', statistic: 'median', above: 900, window: '6h' })).toEqual([]);
});

it('what is not written has the documented defaults', () => {
  expect(triggersConfigSchema.parse({})).toEqual({
    drop: 0.15,
    confidence: 0.95,
    feedback: { items: 50, below: 0.5 },
    schedule: '24h',
    inputShift: true,
    modelDrift: true,
    cooldown: '24h',
    atOnce: 3,
    timeLimit: '5m',
  });
  const { baseline, falseAlarms, rules } = monitoringConfigSchema.parse({});
  expect({ baseline, falseAlarms }).toEqual({ baseline: '7d', falseAlarms: 10 });
  expect(Object.keys(rules)).toEqual([
    'success',
    'success_day',
    'latency',
    'format',
    'hallucination',
    'feedback',
  ]);
});
