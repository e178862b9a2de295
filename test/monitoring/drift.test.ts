import { describe, expect, it } from 'vitest';
import { monitoringConfigSchema } from '../../src/config/monitoring.ts';
import { modelDrift } from '../../src/monitoring/drift.ts';
import { monitor } from '../../src/monitoring/monitor.ts';
import { type ObservedCall, observe } from '../../src/monitoring/observed-call.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { day, observed, silent, start, whole } from './observed.ts';

const random = createRandom('drift');
const topics = {
  weather: ['rain', 'snow', 'sun', 'wind', 'cloud', 'storm', 'forecast', 'tomorrow'],
  music: ['song', 'album', 'guitar', 'playlist', 'jazz', 'volume', 'singer', 'concert'],
};

type Kind = { readonly topic?: keyof typeof topics; readonly length?: number; readonly text?: string };

/** A call as telemetry gives it, of a user who says something. */
function said(at: number, { topic = 'weather', length = 6, text }: Kind, more: Partial<ObservedCall> = {}) {
  const words = Array.from({ length: length + random.integer(4) }, () => random.pick(topics[topic]));
  const details = {
    ...silent,
    inputTokens: 10,
    outputTokens: 20 + random.integer(10),
    variables: JSON.stringify({ query: text ?? words.join(' ') }),
  };
  return { ...observe(whole(at, { details, milliseconds: 10 }), at, () => null), ...more };
}

/** So many days of 400 users each. */
function days(count: number, from: number, call: (at: number) => ObservedCall): ObservedCall[] {
  return Array.from({ length: 400 * count }, (_, index) => call(from + (index * day) / 400));
}

function driftAfter(calls: readonly ObservedCall[], now: number) {
  const configuration = monitoringConfigSchema.parse({ baseline: '4d', rules: {} });
  const { prompts } = monitor(new Map([['a/b', { calls, share: 1 }]]), { configuration, now, joinWindow: 0 });
  return (prompts[0]?.alerts ?? []).flatMap((alert) => (alert.kind === 'drift' ? [alert] : []));
}

const later = start + 6 * day;
const shifted: readonly (readonly [string, Kind])[] = [
  ['length', { length: 20 }],
  ['words', { topic: 'music' }],
  ['language', { text: 'Wie wird das Wetter morgen in der Stadt und auf dem Land' }],
];

describe('inputs', () => {
  it('that stay as they were are no drift', () => {
    const [drift] = driftAfter(
      days(7, start, (at) => said(at, {})),
      later + day,
    );
    expect(drift).toMatchObject({ drift: 'input shift', standing: { state: 'quiet' } });
  });

  it.each(shifted)(
    'that change in their %s fire when the day is over, and resolve after two days',
    (of, kind) => {
      const calls = [
        ...days(6, start, (at) => said(at, {})),
        ...days(1, later, (at) => said(at, kind)),
        ...days(2, later + day, (at) => said(at, {})),
      ];
      const stateAt = (now: number) =>
        driftAfter(
          calls.filter(({ at }) => at < now),
          now,
        )[0]?.standing;
      expect(stateAt(later + 0.9 * day)?.state).toBe('quiet');
      const firing = stateAt(later + day);
      expect(firing).toMatchObject({ state: 'firing', firedAt: later + day });
      const shown = firing?.window?.judgement.drift.tests.filter(({ p }) => p < 1e-6).map((test) => test.of);
      expect(shown).toContain(of);
      expect(stateAt(later + 2 * day)).toMatchObject({ state: 'firing', firedAt: later + day });
      expect(stateAt(later + 3 * day)).toMatchObject({ state: 'resolved', resolvedAt: later + 3 * day });
    },
  );
});

describe('a model', () => {
  const scored = (at: number, values: Readonly<Record<string, number>>, more: Partial<ObservedCall> = {}) =>
    observed(at, { success: 1, ...values }, more);
  const answers = (mean: number) => ({ 'answer tokens': mean + random.integer(20), grounded: random.next() });

  it('whose answers grow longer under the same version and name has drifted', () => {
    const calls = [
      ...days(6, start, (at) => scored(at, answers(100))),
      ...days(1, later, (at) => scored(at, answers(140))),
    ];
    expect(driftAfter(calls, later + day)).toMatchObject([
      { drift: 'model drift', subject: '1.0.0 m', standing: { state: 'firing' } },
    ]);
  });

  it('has not drifted where another version answers in another way', () => {
    const calls = [
      ...days(6, start, (at) => scored(at, answers(100))),
      ...days(1, later, (at) => scored(at, answers(140), { version: '1.1.0' })),
    ];
    expect(driftAfter(calls, later + day).filter(({ standing }) => standing.state === 'firing')).toEqual([]);
  });

  it('that is answered for by another one has drifted, however alike the answers are', () => {
    const by = (responseModel: string) => (at: number) => scored(at, answers(100), { responseModel });
    const calls = [...days(6, start, by('m-2025-11')), ...days(1, later, by('m-2026-01'))];
    const [drift] = driftAfter(calls, later + day);
    expect(drift?.standing).toMatchObject({ state: 'firing' });
    expect(drift?.standing.window?.judgement.drift.newModels).toEqual(['m-2026-01']);
  });
});

it.each<[string, number, object]>([
  ['the first of the baseline', later - day, { n: 1, baselineN: 2 }],
  ['the last of the baseline', later - 0.25, { n: 1, baselineN: 2 }],
  ['the last before the baseline', later - day - 0.25, { n: 1, baselineN: 1 }],
  ['the first of the window', later, { n: 2, baselineN: 1 }],
  ['the last of the window', later + day - 0.25, { n: 2, baselineN: 1 }],
  ['the first after the window', later + day, { n: 1, baselineN: 1 }],
])('takes %s to where it is, at times between milliseconds too', (_, at, counts) => {
  const times = [later - 0.5 * day, later + 0.5 * day, at].toSorted((a, b) => a - b);
  const calls = times.map((time) => observed(time, { grounded: 1 }));
  const request = { from: later, to: later + day, baseline: day, tolerance: 0, leastSamples: 1, alpha: 0.05 };
  const [drift] = modelDrift(calls, request);
  expect(drift?.tests).toMatchObject([{ of: 'grounded', ...counts }]);
});

it('counts a user once in the window and on one day of the baseline, whoever comes every other day too', () => {
  const people = Array.from({ length: 400 }, (_, index) => ({
    user: `person ${index}`,
    place: random.next(),
  }));
  const calls = Array.from({ length: 7 }, (_, today) =>
    people.flatMap(({ user, place }, index) =>
      (index + today) % 2 === 0
        ? Array.from({ length: 3 }, (__, again) =>
            said(start + today * day + index * 1000 + again, {}, { user, place }),
          )
        : [],
    ),
  ).flat();
  const [drift] = driftAfter(calls, later + day);
  const tests = drift?.standing.window?.judgement.drift.tests ?? [];
  expect(tests.map(({ n }) => n)).toEqual([200, 200, 200]);
  for (const { baselineN } of tests) {
    expect(baselineN).toBeGreaterThan(140);
    expect(baselineN).toBeLessThan(260);
  }
});
