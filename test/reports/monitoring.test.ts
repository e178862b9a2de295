import { describe, expect, it } from 'vitest';
import { monitoringConfigSchema } from '../../src/config/monitoring.ts';
import { type MonitoringAlert, monitor } from '../../src/monitoring/monitor.ts';
import { monitoringDocument } from '../../src/reports/monitoring/document.ts';
import { monitoringOf } from '../../src/reports/monitoring/for-dashboard.ts';
import {
  alertIssue,
  alertMessage,
  monitoringMarkdown,
  resolutionText,
} from '../../src/reports/monitoring/markdown.ts';
import { monitoringLines } from '../../src/reports/monitoring/terminal.ts';
import { callsIn, day, hour, start } from '../monitoring/observed.ts';

const hostile = '\u001b[31m::error::@octo <img src=x> |`# \u202e';
const incident = start + 8 * day;
const usual = callsIn([start, incident], 1000, () => ({ success: 1, [hostile]: 0.5, latency: 800 }), {
  version: hostile,
  model: hostile,
});
const failing = callsIn([incident, incident + hour], 100, () => ({ success: 0, [hostile]: 0 }), {
  version: hostile,
  model: hostile,
});
const configuration = monitoringConfigSchema.parse({
  rules: { [hostile]: { metric: 'success', drop: '15%' }, evaluation: { metric: hostile, drop: 0.1 } },
});
const calls = [...usual, ...failing];
const report = monitor(new Map([['a/b', { calls, share: 0.5 }]]), {
  configuration,
  now: incident + hour,
  joinWindow: 0,
});
const firing = (report.prompts[0]?.alerts ?? []).filter(({ standing }) => standing.state === 'firing');
const alert: MonitoringAlert | undefined = firing[0];

it('fires for the rules of these tests', () => {
  expect(firing).toHaveLength(2);
});

it('does not say that there are no calls where those of the running hour are not shown yet', () => {
  const now = start + 90 * 60_000;
  const running = callsIn([now - 60_000, now], 10, () => ({ success: 1 }));
  const early = monitor(new Map([['a/b', { calls: running, share: 1 }]]), {
    configuration,
    now,
    joinWindow: 0,
  });
  const lines = monitoringLines(early, (_, plain) => plain);
  expect(lines).toContain('  no calls until 2026-01-01 01:00 UTC, the end of the last full hour');
});

describe('an alert that is over', () => {
  const rules = { down: { metric: 'success', below: 0.5 } };
  const later = callsIn([incident + hour, incident + 4 * hour], 300, () => ({ success: 1 }));
  const over = monitor(new Map([['a/b', { calls: [...calls, ...later], share: 1 }]]), {
    configuration: monitoringConfigSchema.parse({ rules }),
    now: incident + 4 * hour,
    joinWindow: 0,
  });

  it('is said once to be resolved', () => {
    const lines = monitoringLines(over, (_, plain) => plain);
    expect(lines).toContain('  a/b: resolved: success is 100.0 % (rule down)');
  });

  it('tells the dashboard each of its times once', () => {
    const [shown] = monitoringOf(over).alerts;
    expect(shown?.state).toBe('resolved');
    expect(Date.parse(shown?.since ?? '')).toBeGreaterThan(incident + hour);
    expect(shown?.reasons.at(-1)).toMatch(/^fired at 2026-01-09 00:\d\d UTC$/);
    expect(shown?.reasons.join('\n')).not.toMatch(/since|resolved/);
  });
});

it('tells the dashboard once since when an alert fires', () => {
  const [shown] = monitoringOf(report).alerts;
  expect(shown?.state).toBe('firing');
  expect(Date.parse(shown?.since ?? '')).toBe(alert?.standing.firedAt);
  expect(shown?.reasons.join('\n')).not.toMatch(/since|fired/);
});

it('says nothing of a stranger that acts in a terminal or a log', () => {
  const text = monitoringLines(report, (_, plain) => plain).join('\n');
  expect(text).toContain('error');
  for (const active of ['::', '\u001b', '\u202e']) expect(text).not.toContain(active);
  expect(text).toContain('~');
});

it('says nothing of a stranger that acts on GitHub or in Slack', () => {
  if (!alert) throw new Error('no alert');
  const { title, body } = alertIssue(alert);
  expect(title).toContain('octo');
  for (const text of [monitoringMarkdown(report), title, body, resolutionText(alert, report.at)]) {
    expect(text).not.toMatch(/@octo|<img|\u202e|[^\\]`#/);
  }
  const message = alertMessage(alert, 'https://github.example/issues/1');
  expect(message).toContain('octo');
  expect(message).not.toMatch(/[<>]|\u202e/);
});

it('keeps every rule in the document for programs, with moments that people read', () => {
  const { at, prompts } = JSON.parse(JSON.stringify(monitoringDocument(report)));
  expect(at).toBe('2026-01-09T01:00:00.000Z');
  expect(prompts[0].alerts.filter(({ kind }: { kind: string }) => kind === 'rule')).toHaveLength(4);
  expect(prompts[0].windows[0]).toMatchObject({
    from: '2026-01-09T00:00:00.000Z',
    version: hostile,
    share: 0.5,
    calls: 200,
    metrics: { success: { n: 200, mean: 0 } },
  });
});
