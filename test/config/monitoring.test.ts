import { expect, it } from 'vitest';
import { monitoringConfigSchema } from '../../src/config/monitoring.ts';
import { triggersConfigSchema } from '../../src/config/triggers.ts';
import { monitor } from '../../src/monitoring/monitor.ts';

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
  [{ metric: 'success', drop: 0.1, window: '10ms' }, 'Give a whole number with s, m, h or d, as in "30m"'],
  [{ metric: 'success', drop: 0.1, window: '3651d' }, 'must be 3650d or less'],
  [{ metric: 'success', drop: 0.1, window: `${'9'.repeat(400)}d` }, 'must be 3650d or less'],
  [{ metric: 'success', drop: 0.1, sustained: 1e6 }, 'Too big: expected number to be <=1000'],
])('a rule %j is refused', (rule, problem) => {
  expect(problems(rule)).toEqual([problem]);
});

it('a rule with a bound in the unit of its metric is taken', () => {
  expect(problems({ metric: 'latency', statistic: 'median', above: 900, window: '6h' })).toEqual([]);
});

it('the longest times of all are still dates', () => {
  const [longest, most] = ['3650d', 1000];
  const rules = { rule: { metric: 'success', below: 0.9, window: longest, sustained: most, resolved: most } };
  const configuration = monitoringConfigSchema.parse({
    baseline: longest,
    drift: { window: longest },
    rules,
  });
  const { since } = monitor(new Map(), { configuration, now: Date.UTC(2026, 10, 24), joinWindow: 0 });
  expect(() => new Date(since).toISOString()).not.toThrow();
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
