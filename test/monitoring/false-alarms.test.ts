import { describe, expect, it } from 'vitest';
import { monitoringConfigSchema } from '../../src/config/monitoring.ts';
import { judgeWindow } from '../../src/monitoring/judge-window.ts';
import { monitor } from '../../src/monitoring/monitor.ts';
import type { ObservedCall } from '../../src/monitoring/observed-call.ts';
import { type Rule, ruleOf } from '../../src/monitoring/rule.ts';
import { createRandom, type Random } from '../../src/statistics/random.ts';
import { day, hour, normal, observed, ruleWith, start } from './observed.ts';

const documented = monitoringConfigSchema.parse({});

type Metric = (random: Random) => number;
const often: Metric = (random) => (random.next() < 0.9 ? 1 : 0);
const nearlyAlways: Metric = (random) => (random.next() < 0.99 ? 1 : 0);
const graded: Metric = (random) => random.next() ** 0.3;
const latency: Metric = (random) => 800 * Math.exp(0.7 * normal(random));
const trueP95 = 800 * Math.exp(0.7 * 1.644854);
const p95 = { measure: { of: 'quantile', q: 0.95 } } as const;
/** As good as no change at all: where mistakes are likeliest. */
const none = { size: 1e-9, proven: 1e-9 };

const rules: readonly (readonly [string, Rule, Metric])[] = [
  ['a mean that lies on the bound', ruleWith({ kind: 'below', bound: 0.9 }), often],
  ['a rare failure that lies on the bound', ruleWith({ kind: 'below', bound: 0.99 }), nearlyAlways],
  ['any drop by a share', ruleWith({ kind: 'drop', isShare: true, ...none }), often],
  ['any rise by an amount', ruleWith({ kind: 'rise', isShare: false, ...none }), graded],
  ['a quantile that lies on the bound', ruleWith({ kind: 'above', bound: trueP95 }, p95), latency],
  ['any rise of a quantile', ruleWith({ kind: 'rise', isShare: true, ...none }, p95), latency],
];

/** Days that are shown to be wrong, at some look after any of their calls. An alert needs one at least. */
function mistakes(
  rule: Rule,
  draw: Metric,
  { days, users, alpha }: { days: number; users: number; alpha: number },
): number {
  const random = createRandom(`${rule.condition.kind} ${rule.measure.of} ${alpha}`);
  const windows: number[][] = [];
  let wrong = 0;
  for (let index = 0; index < days; index++) {
    const values = Array.from({ length: users }, () => draw(random));
    const before = windows.slice(-7);
    const baseline = { values: before.flat(), windows: before.length };
    const units = values.map((value, at) => ({ at, value }));
    const judged = judgeWindow(units, baseline, rule, { alpha, random: random.fork(`draws ${index}`) });
    if (judged.provenAt !== null) wrong += 1;
    windows.push(values);
  }
  return wrong;
}

describe('with nothing wrong, looked at after each call', () => {
  it('1,000 days raise at most the documented number of alerts, all rules together', () => {
    // Half of the mistakes are for drift.
    const alpha = documented.falseAlarms / 1000 / 2 / rules.length;
    const all = rules.map(([, rule, draw]) => mistakes(rule, draw, { days: 1000, users: 100, alpha }));
    expect(all.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(documented.falseAlarms / 2);
  });

  it.each(rules)('%s is found wrong on at most a fifth of days where that is allowed', (_, rule, draw) => {
    const [days, users, alpha] = [100, 400, 0.2];
    expect(mistakes(rule, draw, { days, users, alpha })).toBeLessThanOrEqual(days * alpha);
  });
});

describe('the whole, on users who come back and fare each in their own way', () => {
  const days = 20;
  /** Some thousand times what is documented, so that a few days show it. */
  const configuration = monitoringConfigSchema.parse({
    falseAlarms: 1000,
    rules: {
      any: { metric: 'success', drop: 0.01, window: '6h', leastSamples: 20 },
      slow: { metric: 'latency', rise: '1%', window: '6h', leastSamples: 20 },
    },
    drift: { tolerance: 0.01, leastSamples: 20 },
  });

  it('raises at most what is allowed', () => {
    const random = createRandom('returning users');
    const people = Array.from({ length: 150 }, (_, index) => ({
      user: `person ${index}`,
      place: random.next(),
      rate: random.next() < 0.9 ? 0.97 : 0.4,
      speed: 800 * Math.exp(0.5 * normal(random)),
      length: 20 + random.integer(300),
      activity: random.next() ** 2,
    }));
    const calls: ObservedCall[] = [];
    for (let at = start; at < start + days * day; at += 10 * 60_000) {
      const person = random.pick(people);
      if (random.next() > person.activity) continue;
      const isGood = random.next() < person.rate;
      const input = { length: person.length, language: 'English', words: Uint8Array.of(random.integer(256)) };
      const values = { success: isGood ? 1 : 0, latency: person.speed * (0.5 + random.next()) };
      for (let again = 0; again < 3; again++)
        calls.push(observed(at + again, values, { user: person.user, place: person.place, input }));
    }
    const fired = new Set<string>();
    for (let now = start + 8 * day; now < start + days * day; now += 7 * hour) {
      const traffic = new Map([['a/b', { calls: calls.filter(({ at }) => at <= now), share: 1 }]]);
      const { prompts } = monitor(traffic, { configuration, now, joinWindow: 0 });
      for (const { standing, ...alert } of prompts.flatMap(({ alerts }) => alerts))
        if (standing.firedAt !== null)
          fired.add(`${alert.kind === 'rule' ? alert.rule.name : alert.drift} ${standing.firedAt}`);
    }
    expect(fired.size).toBeLessThanOrEqual(days - 8);
  });
});

it('rules of the configuration are read as they are meant', () => {
  const read = Object.entries(documented.rules).map(([name, rule]) => ruleOf(name, rule));
  expect(read.map(({ name, condition }) => ({ name, ...condition }))).toContainEqual({
    name: 'latency',
    kind: 'rise',
    size: 0.5,
    isShare: true,
    proven: 0.5,
  });
});
