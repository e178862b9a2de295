import { describe, expect, it } from 'vitest';
import { monitoringConfigSchema, type RuleConfiguration } from '../../src/config/monitoring.ts';
import { monitor } from '../../src/monitoring/monitor.ts';
import type { ObservedCall } from '../../src/monitoring/observed-call.ts';
import { callsIn, day, hour, start } from './observed.ts';

type Values = Readonly<Record<string, number>>;

/** Spread evenly over (0, 1), so that each window has the shares and quantiles that are asked for. */
const evenly = (index: number) => ((index + 0.5) * 0.6180339887498949) % 1;
const binary = (metric: string, share: number) => (index: number) => ({
  [metric]: evenly(index) < share ? 1 : 0,
});
/** Amounts whose 95th percentile is 2.4 times the median. */
const amount = (metric: string, median: number) => (index: number) => ({
  [metric]: median * (evenly(index) / (1 - evenly(index))) ** 0.3,
});
const slow = (factor: number) => amount('latency', 800 * factor);

/** Each rule with what is right and what is wrong to it. */
const cases: readonly {
  readonly name: string;
  readonly rule: Partial<RuleConfiguration> & { readonly metric: string };
  readonly right: (index: number) => Values;
  readonly wrong: (index: number) => Values;
  /** Near the bound, on its wrong side: neither wrong beyond doubt nor right. */
  readonly between: (index: number) => Values;
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
    name: 'below, of the median',
    rule: { metric: 'tokens', statistic: 'median', below: 100 },
    right: amount('tokens', 400),
    wrong: amount('tokens', 20),
    between: amount('tokens', 94),
  },
  {
    name: 'absolute change, a drop',
    rule: { metric: 'grounded', drop: 0.1 },
    right: binary('grounded', 0.9),
    wrong: binary('grounded', 0.4),
    between: binary('grounded', 0.73),
  },
  {
    name: 'absolute change, a rise of a mean',
    rule: { metric: 'hallucination_rate', rise: 0.15 },
    right: binary('hallucination_rate', 0.05),
    wrong: binary('hallucination_rate', 0.7),
    between: binary('hallucination_rate', 0.28),
  },
  {
    name: 'absolute change, a drop of the median',
    rule: { metric: 'tokens', statistic: 'median', drop: 150 },
    right: amount('tokens', 400),
    wrong: amount('tokens', 20),
    between: amount('tokens', 240),
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
    name: 'relative change, a rise of a mean',
    rule: { metric: 'hallucination_rate', rise: '50%' },
    right: binary('hallucination_rate', 0.2),
    wrong: binary('hallucination_rate', 0.9),
    between: binary('hallucination_rate', 0.4),
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
function traffic(...hours: readonly ((index: number) => Values)[]): ObservedCall[] {
  const [right] = hours;
  return [
    ...callsIn([start, begins], 1500, right ?? (() => ({}))),
    ...hours
      .slice(1)
      .flatMap((values, index) => callsIn([begins + index * hour, begins + (index + 1) * hour], 150, values)),
  ];
}

type Unit = 'users' | 'calls';

function lookAt(
  calls: readonly ObservedCall[],
  rule: Partial<RuleConfiguration> & { readonly metric: string },
  now: number,
  unit: Unit = 'users',
) {
  const configuration = monitoringConfigSchema.parse({ baseline: '2d', unit, rules: { rule } });
  const seen = calls.filter(({ at }) => at <= now);
  const traffic = new Map([['a/b', { calls: seen, share: 1 }]]);
  const { prompts } = monitor(traffic, { configuration, now, joinWindow: 0 });
  const [alert] = prompts[0]?.alerts ?? [];
  if (alert?.kind !== 'rule' || alert.arm !== 'stable') throw new Error('the rule is missing');
  return alert.standing;
}

/** Calls as five services would make them, each of which calls in every window. */
const ofServices = (calls: readonly ObservedCall[]): readonly ObservedCall[] =>
  calls.map((call, index) => ({ ...call, user: `service ${index % 5}` }));

const kinds = cases.flatMap((each) => [
  { ...each, unit: 'users' as const, from: (calls: readonly ObservedCall[]) => calls },
  { ...each, unit: 'calls' as const, from: ofServices },
]);

describe.each(kinds)('$name, $unit in a window', ({ rule, right, wrong, between, unit, from }) => {
  const quiet = from(traffic(right, right, right));
  const incident = from(traffic(right, wrong, wrong, between, right, between, right, right, between, right));
  const look = (calls: readonly ObservedCall[], hours: number, asked = rule) =>
    lookAt(calls, asked, hoursIn(hours), unit);

  it('is quiet while all is right', () => {
    expect(look(quiet, 2)).toMatchObject({ state: 'quiet', firedAt: null });
  });

  it('fires as soon as it is wrong beyond doubt, in the middle of a window', () => {
    const { state, firedAt, window } = look(incident, 0.9);
    expect(state).toBe('firing');
    expect(firedAt).toBeGreaterThan(begins);
    expect(window?.isOver).toBe(false);
  });

  it('waits for as many windows as it must be sustained', () => {
    const patient = { ...rule, sustained: 2 };
    expect(look(incident, 1, patient).state).toBe('pending');
    const { state, firedAt } = look(incident, 2, patient);
    expect(state).toBe('firing');
    expect(firedAt).toBeGreaterThan(hoursIn(1));
    const short = from(traffic(right, wrong, right, right));
    expect(look(short, 3, patient).state).toBe('quiet');
  });

  it('is resolved when two windows in a row are right, and not before', () => {
    const { firedAt } = look(incident, 1);
    for (const hours of [3, 5, 6.9])
      expect(look(incident, hours)).toMatchObject({ state: 'firing', firedAt });
    expect(look(incident, 7)).toMatchObject({ state: 'resolved', firedAt, resolvedAt: hoursIn(7) });
  });

  it('does not go to and fro near its bound: it fires once and is resolved once', () => {
    const looks = Array.from({ length: 9 }, (_, index) => look(incident, index + 1).state);
    expect(looks.filter((state, index) => state !== looks[index - 1])).toEqual(['firing', 'resolved']);
    const near = from(traffic(right, between, right, between, between));
    expect(look(near, 4)).toMatchObject({ state: 'quiet', firedAt: null });
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
