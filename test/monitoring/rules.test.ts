import { describe, expect, it } from 'vitest';
import { monitoringConfigSchema, type RuleConfiguration } from '../../src/config/monitoring.ts';
import { monitor } from '../../src/monitoring/monitor.ts';
import type { ObservedCall } from '../../src/monitoring/observed-call.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { callsIn, day, hour, normal, start } from './observed.ts';

type Values = Readonly<Record<string, number>>;

const random = createRandom('rules');
const binary = (metric: string, share: number) => () => ({ [metric]: random.next() < share ? 1 : 0 });
const slow = (factor: number) => () => ({ latency: 800 * factor * Math.exp(0.5 * normal(random)) });

/** Each rule with what is right and what is wrong to it. */
const cases: readonly {
  readonly name: string;
  readonly rule: Partial<RuleConfiguration> & { readonly metric: string };
  readonly right: () => Values;
  readonly wrong: () => Values;
  /** Near the bound, on its wrong side: neither wrong beyond doubt nor right. */
  readonly between: () => Values;
}[] = [
  {
    name: 'above, of a mean',
    rule: { metric: 'hallucination_rate', above: 0.2 },
    right: binary('hallucination_rate', 0.05),
    wrong: binary('hallucination_rate', 0.6),
    between: binary('hallucination_rate', 0.28),
  },
  {
    name: 'above, of the 95th percentile',
    rule: { metric: 'latency', above: 4000 },
    right: slow(1),
    wrong: slow(4),
    between: slow(2.3),
  },
  {
    name: 'below',
    rule: { metric: 'success', below: 0.9 },
    right: binary('success', 0.97),
    wrong: binary('success', 0.5),
    between: binary('success', 0.83),
  },
  {
    name: 'absolute change, a drop',
    rule: { metric: 'grounded', drop: 0.1 },
    right: binary('grounded', 0.9),
    wrong: binary('grounded', 0.4),
    between: binary('grounded', 0.73),
  },
  {
    name: 'absolute change, a rise of the median',
    rule: { metric: 'latency', statistic: 'median', rise: 400 },
    right: slow(1),
    wrong: slow(4),
    between: slow(1.6),
  },
  {
    name: 'relative change, a drop',
    rule: { metric: 'success', drop: '15%' },
    right: binary('success', 0.95),
    wrong: binary('success', 0.4),
    between: binary('success', 0.73),
  },
  {
    name: 'relative change, a rise of the 95th percentile',
    rule: { metric: 'latency', rise: '50%' },
    right: slow(1),
    wrong: slow(6),
    between: slow(1.65),
  },
  {
    name: 'relative change, a drop of the median',
    rule: { metric: 'latency', statistic: 'median', drop: '50%' },
    right: slow(1),
    wrong: slow(0.1),
    between: slow(0.47),
  },
];

const baseline = 2 * day;
const begins = start + baseline + day;

/** A moment so many hours after the quiet days. */
const hoursIn = (hours: number) => begins + hours * hour;

/** Three days that are right, then one hour of each kind, 150 users in each. */
function traffic(...hours: readonly (() => Values)[]): ObservedCall[] {
  const [right] = hours;
  return [
    ...callsIn([start, begins], 1500, right ?? (() => ({}))),
    ...hours
      .slice(1)
      .flatMap((values, index) => callsIn([begins + index * hour, begins + (index + 1) * hour], 150, values)),
  ];
}

function lookAt(
  calls: readonly ObservedCall[],
  rule: Partial<RuleConfiguration> & { readonly metric: string },
  now: number,
) {
  const configuration = monitoringConfigSchema.parse({ baseline: '2d', rules: { rule } });
  const seen = calls.filter(({ at }) => at <= now);
  const traffic = new Map([['a/b', { calls: seen, share: 1 }]]);
  const { prompts } = monitor(traffic, { configuration, now, joinWindow: 0 });
  const [alert] = prompts[0]?.alerts ?? [];
  if (alert?.kind !== 'rule' || alert.arm !== 'stable') throw new Error('the rule is missing');
  return alert.standing;
}

describe.each(cases)('$name', ({ rule, right, wrong, between }) => {
  const quiet = traffic(right, right, right);
  const incident = traffic(right, wrong, wrong, between, right, between, right, right);

  it('is quiet while all is right', () => {
    expect(lookAt(quiet, rule, hoursIn(2))).toMatchObject({ state: 'quiet', firedAt: null });
  });

  it('fires as soon as it is wrong beyond doubt, in the middle of a window', () => {
    const { state, firedAt, window } = lookAt(incident, rule, hoursIn(0.9));
    expect(state).toBe('firing');
    expect(firedAt).toBeGreaterThan(begins);
    expect(window?.isOver).toBe(false);
  });

  it('waits for as many windows as it must be sustained', () => {
    const patient = { ...rule, sustained: 2 };
    expect(lookAt(incident, patient, hoursIn(1)).state).toBe('pending');
    const { state, firedAt } = lookAt(incident, patient, hoursIn(2));
    expect(state).toBe('firing');
    expect(firedAt).toBeGreaterThan(hoursIn(1));
    const short = traffic(right, wrong, right, right);
    expect(lookAt(short, patient, hoursIn(3)).state).toBe('quiet');
  });

  it('goes on firing since the same moment until two windows in a row are right', () => {
    const { firedAt } = lookAt(incident, rule, hoursIn(1));
    for (const hours of [2, 3, 4, 5, 6])
      expect(lookAt(incident, rule, hoursIn(hours))).toMatchObject({ state: 'firing', firedAt });
    expect(lookAt(incident, rule, hoursIn(7))).toMatchObject({
      state: 'resolved',
      firedAt,
      resolvedAt: hoursIn(7),
    });
  });
});

it('a window with too few users says nothing', () => {
  const rule = { metric: 'success', below: 0.9, leastSamples: 200 };
  const broken = binary('success', 0);
  expect(lookAt(traffic(broken, broken, broken), rule, begins + 2 * hour).state).toBe('quiet');
});

it("a user's second call in a window says nothing, unless calls are what counts", () => {
  const right = callsIn([start, begins], 1500, binary('success', 0.99));
  const one = callsIn([begins, begins + hour], 150, () => ({ success: 0 }), { user: 'one', place: 0.5 });
  const rule = { metric: 'success', drop: '15%', leastSamples: 2 };
  expect(lookAt([...right, ...one], rule, begins + hour).state).toBe('quiet');
  const configuration = monitoringConfigSchema.parse({ baseline: '2d', unit: 'calls', rules: { rule } });
  const traffic = new Map([['a/b', { calls: [...right, ...one], share: 1 }]]);
  const { prompts } = monitor(traffic, { configuration, now: begins + hour, joinWindow: 0 });
  expect(prompts[0]?.alerts[0]?.standing.state).toBe('firing');
});

it('users of a version that is rolled out are judged apart, against those of the stable one', () => {
  const calls = [
    ...callsIn([start, begins], 1500, binary('success', 0.97)),
    ...callsIn([begins, begins + hour], 150, binary('success', 0.97)),
    ...callsIn([begins, begins + hour], 150, binary('success', 0.3), { isCanary: true, version: '1.1.0' }),
  ].sort((a, b) => a.at - b.at);
  const configuration = monitoringConfigSchema.parse({
    baseline: '2d',
    rules: { rule: { metric: 'success', drop: '15%' } },
  });
  const { prompts } = monitor(new Map([['a/b', { calls, share: 1 }]]), {
    configuration,
    now: begins + hour,
    joinWindow: 0,
  });
  const states = prompts[0]?.alerts.flatMap((alert) =>
    alert.kind === 'rule' ? [[alert.arm, alert.standing.state]] : [],
  );
  expect(states).toEqual([
    ['stable', 'quiet'],
    ['canary', 'firing'],
  ]);
});
