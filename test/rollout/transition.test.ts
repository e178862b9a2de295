import { describe, expect, test } from 'vitest';
import { formatState, initialState, parseState } from '../../src/rollout/state.ts';
import { transition } from '../../src/rollout/transition.ts';
import { createRandom } from '../../src/statistics/random.ts';
import {
  byPerson,
  clear,
  minute,
  observed,
  planWith,
  play,
  prompt,
  release,
  released,
  traffic,
  unfreeze,
} from './fixtures.ts';

const plan = planWith();
const underWay = play([released('1.0.0'), released('1.1.0')]).state;
const kinds = (effects: readonly { readonly do: string }[]) => effects.map((effect) => effect.do);
const tick = (at: number) => ({ type: 'tick', at: minute(at) }) as const;

/** The default rollout at 10 % with enough users of a canary of this rate. */
function withUsers(canary: number, users = 4000, at = 1) {
  const observations = traffic(createRandom('users'), { users, percent: 10, control: 0.9, canary });
  return transition(underWay, observed(underWay, observations, at), plan);
}

describe('a release', () => {
  test('is everybody’s at once when it is the first', () => {
    const { state, effects } = play([released('1.0.0')]);
    expect(state).toMatchObject({ generation: 1, stable: { version: '1.0.0' }, canary: null });
    expect(effects.at(-1)).toMatchObject({ do: 'tag', tag: `rollouts/${prompt}@1.0.0/100` });
  });

  test('begins at the first step: content, state, serve, then the tag', () => {
    const { state, effects } = play([released('1.0.0'), released('1.1.0')]);
    expect(kinds(effects)).toEqual(['release', 'state', 'serve', 'tag']);
    expect(effects[3]).toMatchObject({ tag: `rollouts/${prompt}@1.1.0/010` });
    expect(state.canary).toMatchObject({ percent: 10, salt: '1.1.0-g2', release: { version: '1.1.0' } });
  });

  test('takes the place of one that is under way, which is not quarantined', () => {
    const { state } = play([released('1.2.0', 5)], plan, underWay);
    expect(state).toMatchObject({
      generation: 3,
      stable: { version: '1.0.0' },
      canary: { percent: 10, release: { version: '1.2.0' } },
      quarantine: [],
    });
    expect(state.log.map(({ what, version }) => `${what} ${version}`).slice(-2)).toEqual([
      'superseded 1.1.0',
      'started 1.2.0',
    ]);
  });

  test('that is not newer, or told twice, changes nothing', () => {
    for (const version of ['1.1.0', '1.0.5', '1.0.0'])
      expect(play([released(version)], plan, underWay)).toMatchObject({ state: underWay, effects: [] });
  });

  test('of the stable content ends a rollout at once: there is nothing to compare', () => {
    const back = { ...released('1.2.0'), release: release('1.2.0', '1.0.0') };
    const { state } = transition(underWay, { ...back, type: 'released', cursor: {}, at: minute(3) }, plan);
    expect(state).toMatchObject({ stable: { version: '1.2.0' }, canary: null });
  });
});

describe('the judge', () => {
  test('promotes after the dwell, with users and evidence, and says why', () => {
    const early = withUsers(0.9);
    expect(early.state.canary).toMatchObject({ percent: 10, decision: { kind: 'hold', causes: ['dwell'] } });
    expect(kinds(early.effects)).toEqual(['state']);
    expect(play([tick(10)], plan, early.state)).toMatchObject({ effects: [] });
    const late = withUsers(0.9, 4000, 61);
    expect(kinds(late.effects)).toEqual(['release', 'state', 'serve', 'tag']);
    expect(late.state.canary).toMatchObject({ percent: 25, salt: '1.1.0-g2' });
    expect(late.state.log.at(-1)).toMatchObject({ what: 'promoted', percent: 25, by: 'promptline' });
    expect(late.state.log.at(-1)?.reasons[0]).toMatch(
      /^success: \d\d\.\d % with the new version, \d\d\.\d % with the stable one; evidence of no harm .* to 1$/,
    );
  });

  test('reverts on harm at once: state and serve before any record', () => {
    const { state, effects } = withUsers(0.6);
    expect(kinds(effects)).toEqual(['state', 'serve', 'alert', 'tag', 'issue', 'pull request']);
    expect(effects[3]).toMatchObject({ tag: `rollouts/${prompt}@1.1.0/reverted` });
    expect(effects[5]).toMatchObject({ reverted: { version: '1.1.0' }, restored: { version: '1.0.0' } });
    expect(state).toMatchObject({ generation: 3, canary: null, stable: { version: '1.0.0' } });
    expect(state.quarantine[0]?.reason).toMatch(/evidence of harm .* to 1, where 20 to 1 is enough/);
    expect(play([released('1.1.0', 9)], plan, state).refused).toContain('reverted as 1.1.0');
  });

  test('holds on possible harm, alerts once, and says when it is over', () => {
    const random = createRandom('drift');
    let state = underWay;
    const seen: string[] = [];
    for (let reading = 1; reading < 2000 && state.canary && seen.length < 2; reading++) {
      const rates = { control: 0.9, canary: seen.length === 0 ? 0.7 : 0.99 };
      const users = traffic(random, { users: 10, percent: 10, ...rates });
      const next = transition(state, observed(state, users, reading / 100), plan);
      const entry = next.state.log.at(-1);
      if (next.state.log.length > state.log.length) seen.push(`${entry?.what}: ${kinds(next.effects)}`);
      state = next.state;
    }
    expect(seen).toEqual(['held: state,alert', 'resumed: state']);
  });

  test('holds without telemetry, which is worth an alert', () => {
    const quiet = transition(withUsers(0.9).state, tick(90), plan);
    expect(kinds(quiet.effects)).toEqual(['state', 'alert']);
    expect(quiet.state.log.at(-1)).toMatchObject({ what: 'held', reasons: ['no telemetry for 89 min'] });
    expect(play([tick(500)], plan, quiet.state).state.canary?.percent).toBe(10);
  });

  test('holds when users do not fall to the arms as intended', () => {
    const skewed = traffic(createRandom('skew'), { users: 4000, percent: 16, control: 0.9, canary: 0.9 });
    const { state } = transition(underWay, observed(underWay, skewed, 70), plan);
    expect(state.canary).toMatchObject({ percent: 10, decision: { causes: ['sample ratio'] } });
    expect(state.canary?.decision?.reasons[0]).toMatch(
      /^6\d\d of 39\d\d users got the new version where 10 % should/,
    );
  });

  test('asks for evidence of every metric', () => {
    const two = planWith({ metrics: { success: {}, latency: {} } });
    const observations = traffic(createRandom('users'), {
      users: 4000,
      percent: 10,
      control: 0.9,
      canary: 0.9,
    });
    const { state } = transition(underWay, observed(underWay, observations, 61), two);
    expect(state.canary).toMatchObject({ percent: 10, decision: { causes: ['users', 'evidence'] } });
    expect(state.canary?.decision?.reasons).toContain(
      'latency: 0 of at least 50 users counted with the new version',
    );
  });
});

describe('telemetry', () => {
  const observations = traffic(createRandom('once'), { users: 500, percent: 10, control: 0.9, canary: 0.9 });
  const once = transition(underWay, observed(underWay, observations, 1), plan).state;

  test('read twice from one cursor, or for what is no longer served, is passed over', () => {
    const again = observed(underWay, observations, 2);
    expect(transition(once, again, plan)).toEqual({ state: once, effects: [], refused: null });
    const { state: promoted } = transition(once, byPerson('advance', 2), plan);
    expect(transition(promoted, observed(once, observations, 3), plan).state).toBe(promoted);
  });

  test('counts a user once, in the arm he was first seen in', () => {
    const other = observations.map((one) => ({ ...one, arm: 'canary' as const, values: { success: 0 } }));
    const { state } = transition(once, observed(once, other, 2), plan);
    const { metrics, arrivals } = state.canary!.evidence;
    expect(metrics).toEqual(once.canary!.evidence.metrics);
    expect(arrivals.canary + arrivals.control).toBe(500);
    expect(state.canary!.evidence.cursor).toEqual({ log: '2' });
  });

  test('of a restarted watcher ends in the same state, bit by bit', () => {
    const rest = traffic(createRandom('rest'), { users: 700, percent: 10, control: 0.9, canary: 0.8 });
    const restarted = parseState(formatState(once), 'state.json');
    const go = (from: typeof once) => formatState(transition(from, observed(from, rest, 5), plan).state);
    expect(go(restarted)).toBe(go(once));
  });

  test('that cannot be used is counted, not judged', () => {
    const broken = [1.5, -1, Number.NaN].map((success, index) => ({
      user: `user ${index}`,
      arm: 'canary' as const,
      values: { success },
    }));
    const { state } = transition(underWay, observed(underWay, broken, 1), plan);
    expect(state.canary?.evidence.metrics['success']).toMatchObject({ unusable: 3, counted: { canary: 0 } });
  });

  test('from counters is judged by its batches', () => {
    const counters = planWith({ metrics: { success: { from: 'counters' } } });
    let state = underWay;
    for (let batch = 1; batch <= 20 && state.canary; batch++) {
      const event = observed(state, [], batch);
      if (event.type !== 'observed') break;
      const reading = {
        ...event.reading,
        counters: [
          {
            metric: 'success',
            control: { successes: 180, total: 200 },
            canary: { successes: 12, total: 20 },
          },
        ],
      };
      state = transition(state, { ...event, reading }, counters).state;
    }
    expect(state.log.at(-1)).toMatchObject({ what: 'reverted', version: '1.1.0' });
  });
});

describe('a person', () => {
  test('advances step by step to everybody, and reverts even then', () => {
    let state = underWay;
    for (const percent of [25, 50, 75, 100]) {
      const next = transition(state, byPerson('advance'), plan);
      expect(next.effects.at(-1)).toMatchObject({
        tag: `rollouts/${prompt}@1.1.0/${String(percent).padStart(3, '0')}`,
      });
      state = next.state;
    }
    expect(state).toMatchObject({ stable: { version: '1.1.0' }, canary: null });
    const back = transition(state, byPerson('revert'), plan);
    expect(back.state).toMatchObject({
      stable: { version: '1.0.0' },
      quarantine: [{ release: { version: '1.1.0' } }],
    });
    expect(transition(back.state, byPerson('revert'), plan).refused).toBe(
      'there is no version to go back to',
    );
  });

  test('freezes promotions, not reverts', () => {
    const { state } = play([byPerson('freeze')], plan, underWay);
    expect(play([byPerson('advance')], plan, state).refused).toContain('frozen by ada');
    const good = traffic(createRandom('users'), { users: 4000, percent: 10, control: 0.9, canary: 0.9 });
    const held = transition(state, observed(state, good, 61), plan).state;
    expect(held.canary).toMatchObject({ percent: 10, decision: { kind: 'hold', causes: ['frozen'] } });
    const bad = traffic(createRandom('users'), { users: 4000, percent: 10, control: 0.9, canary: 0.5 });
    expect(transition(state, observed(state, bad, 61), plan).state.canary).toBeNull();
    const waiting = play([released('1.2.0'), byPerson('freeze')], plan, state).state;
    expect(waiting).toMatchObject({
      waiting: { version: '1.2.0' },
      canary: { release: { version: '1.1.0' } },
    });
    expect(play([unfreeze()], plan, waiting).state.canary?.release.version).toBe('1.2.0');
  });

  test('stops an emergency in one event: reverted and frozen', () => {
    const { state, effects } = play([byPerson('emergency')], plan, underWay);
    expect(kinds(effects).slice(0, 3)).toEqual(['state', 'serve', 'alert']);
    expect(state).toMatchObject({ canary: null, frozen: { by: 'ada' } });
    const first = play([released('1.0.0'), byPerson('emergency')]);
    expect(first.state.frozen).not.toBeNull();
    expect(kinds(first.effects)).toEqual(['state', 'alert']);
  });

  test('clears a reverted content, which may then be released again under a new rollout', () => {
    const { state } = play([byPerson('revert'), clear('1.1.0'), released('1.1.0')], plan, underWay);
    expect(state).toMatchObject({ canary: { percent: 10, salt: '1.1.0-g4' }, quarantine: [] });
    expect(play([clear('9.9.9')], plan, state).refused).toContain('no version');
  });
});

test('a state file of another form is refused with a hint', () => {
  const text = formatState(initialState(prompt));
  expect(parseState(text, 'state.json')).toEqual(initialState(prompt));
  for (const broken of [
    '',
    '{',
    text.replace('"form": 1', '"form": 2'),
    text.replace('"generation"', '"gen"'),
  ])
    expect(() => parseState(broken, 'state.json')).toThrow('no rollout state of form 1');
});
