import { expect, test } from 'vitest';
import { assign, targetingKeyOf } from '../../src/rollout/assign.ts';
import { manifestOf } from '../../src/rollout/manifest.ts';
import type { Observation } from '../../src/rollout/observation.ts';
import { transition } from '../../src/rollout/transition.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { observed, planWith, play, prompt, released } from './fixtures.ts';

const plan = planWith({ metrics: { success: {}, latency: {} } });

/** A rollout whose users are assigned by the manifest it serves, read every five minutes. */
function rollOut(rate: number, latency: number) {
  const random = createRandom('a whole rollout');
  let state = play([released('1.0.0'), released('1.1.0')], plan).state;
  for (let at = 5; at <= 600 && state.canary; at += 5) {
    const manifest = manifestOf([state]);
    const observations = Array.from({ length: 400 }, (): Observation => {
      const user = `user ${random.integer(1_000_000)}`;
      const canary = assign(manifest, prompt, user).arm === 'canary';
      const success = random.next() < (canary ? rate : 0.9) ? 1 : 0;
      const values = { success, latency: (canary ? latency : 1000) * (0.5 + random.next()) };
      return { user: targetingKeyOf(user), arm: canary ? 'canary' : 'control', values };
    });
    state = transition(state, observed(state, observations, at), plan).state;
  }
  return state.log.map(({ what, percent }) => `${what} ${percent}`);
}

test('a good version reaches everybody step by step', () => {
  expect(rollOut(0.9, 1000)).toEqual([
    'finished 100',
    'started 10',
    'promoted 25',
    'promoted 50',
    'promoted 75',
    'finished 100',
  ]);
});

test.each([
  ['fails more', 0.7, 1000],
  ['is three times as slow', 0.9, 3000],
])('a version that %s is reverted at the first step', (_, rate, latency) => {
  expect(rollOut(rate, latency).at(-1)).toBe('reverted 0');
  expect(rollOut(rate, latency)).not.toContain('promoted 25');
});
