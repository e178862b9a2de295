import { describe, expect, it } from 'vitest';
import { monitoringConfigSchema } from '../../src/config/monitoring.ts';
import { followRule } from '../../src/monitoring/follow-rule.ts';
import { monitor } from '../../src/monitoring/monitor.ts';
import { baselineBefore, unitsOf } from '../../src/monitoring/units.ts';
import { callsIn, day, hour, observed, ruleWith, start } from './observed.ts';

const waiting = 900_000;

describe('a baseline', () => {
  it('is the windows of its period, the last of which ends a day before the window', () => {
    const calls = Array.from({ length: 72 }, (_, index) =>
      observed(start + index * hour, { success: index }),
    );
    const windows = unitsOf(calls, { metric: 'success', window: hour, unit: 'users' });
    expect(baselineBefore(windows, start + 48 * hour, 3 * hour)).toEqual({
      values: [21, 22, 23],
      windows: 3,
    });
    expect(baselineBefore(windows, start, 3 * hour)).toEqual({ values: [], windows: 0 });
  });
});

describe('a window whose scores may still come', () => {
  it('of a rule says nothing right yet', () => {
    const calls = callsIn([start, start + 2 * hour], 200, () => ({ success: 1 }));
    const windows = unitsOf(calls, { metric: 'success', window: hour, unit: 'users' });
    const spokenAt = (now: number) => {
      const following = { now, joinWindow: waiting, baseline: day, alpha: 0.01, seed: 'windows' };
      const rule = ruleWith({ kind: 'below', bound: 0.5 });
      return followRule(windows, rule, 'stable', following).window?.from;
    };
    expect(spokenAt(start + 2 * hour + waiting - 1)).toBe(start);
    expect(spokenAt(start + 2 * hour + waiting)).toBe(start + hour);
  });

  it('of drift is not tested yet', () => {
    const calls = callsIn([start, start + 7 * day], 2800, () => ({ success: 1 }));
    const endAt = (now: number) => driftsOf(1, calls, now)[0]?.to;
    expect(endAt(start + 7 * day + waiting - 1)).toBe(start + 6 * day);
    expect(endAt(start + 7 * day + waiting)).toBe(start + 7 * day);
  });
});

describe('the mistakes that are allowed', () => {
  const [one, other] = ['m', 'n'].map((model) =>
    callsIn([start, start + 7 * day], 2800, () => ({ success: 1 }), { model }),
  );
  const alphaOf = (prompts: number, calls: readonly ReturnType<typeof observed>[]) =>
    driftsOf(
      prompts,
      calls.toSorted((a, b) => a.at - b.at),
      start + 7 * day + waiting,
    )[0]?.alpha ?? 0;

  it('are shared out among prompts, and within one among its models', () => {
    const whole = alphaOf(1, one ?? []);
    expect(whole).toBeCloseTo(monitoringConfigSchema.parse({}).falseAlarms / 1000 / 2 / 2, 12);
    expect(alphaOf(5, one ?? [])).toBeCloseTo(whole / 5, 12);
    expect(alphaOf(1, [...(one ?? []), ...(other ?? [])])).toBeCloseTo(whole / 2, 12);
  });
});

/** The drift that was tested last, of each model of each of so many prompts that have the same calls. */
function driftsOf(prompts: number, calls: readonly ReturnType<typeof observed>[], now: number) {
  const configuration = monitoringConfigSchema.parse({ baseline: '4d', rules: {} });
  const traffic = new Map(Array.from({ length: prompts }, (_, index) => [`a/${index}`, { calls, share: 1 }]));
  const report = monitor(traffic, { configuration, now, joinWindow: waiting });
  return report.prompts.flatMap(({ alerts }) =>
    alerts.flatMap((alert) =>
      alert.kind === 'drift' && alert.standing.window ? [alert.standing.window.judgement.drift] : [],
    ),
  );
}
