import { expect } from 'vitest';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { manifestOf } from '../../src/rollout/manifest.ts';
import type { RolloutState } from '../../src/rollout/state.ts';
import { transition } from '../../src/rollout/transition.ts';
import { byPerson, clear, minute, planWith, release, unfreeze } from './fixtures.ts';

/** Counters, because a few of their batches are enough evidence for anything. */
const plan = planWith({ metrics: { success: { from: 'counters' } } });

const contents: Readonly<Record<string, string>> = { '1.3.0': '1.1.0' };
const percents = plan.steps.map(({ percent }) => percent);

/** What may happen next. Time goes on by an hour with each event. */
export const happenings = [
  'release 1.0.0',
  'release 1.1.0',
  'release 1.2.0',
  'release 1.3.0',
  'good telemetry',
  'bad telemetry',
  'meagre telemetry',
  'stale telemetry',
  'quiet hour',
  'advance',
  'revert',
  'emergency',
  'freeze',
  'unfreeze',
  'clear',
] as const;
export type Happening = (typeof happenings)[number];

export function eventOf(happening: Happening, state: RolloutState, hour: number): RolloutEvent {
  const at = 60 * hour;
  switch (happening) {
    case 'good telemetry':
      return telemetry(state, 95, at);
    case 'bad telemetry':
      return telemetry(state, 40, at);
    case 'meagre telemetry':
      return telemetry(state, 85, at, 1);
    case 'stale telemetry':
      return { ...telemetry(state, 95, at), generation: state.generation - 1 };
    case 'quiet hour':
      return { type: 'tick', at: minute(at) };
    case 'advance':
    case 'revert':
    case 'emergency':
    case 'freeze':
      return byPerson(happening, at);
    case 'unfreeze':
      return unfreeze(at);
    case 'clear':
      return { ...clear('1.0.0', at), sha256: state.quarantine[0]?.release.sha256 ?? '' };
    default: {
      const version = happening.slice('release '.length);
      const published = release(version, contents[version]);
      return { type: 'released', release: published, cursor: {}, at: minute(at) };
    }
  }
}

function telemetry(state: RolloutState, successes: number, at: number, batches = 3) {
  const after = state.canary?.evidence.cursor ?? {};
  const batch = {
    metric: 'success',
    control: { successes: 900, total: 1000 },
    canary: { successes, total: 100 },
  };
  const reading = {
    observations: [],
    counters: Array.from({ length: batches }, () => batch),
    cursor: { log: String(at) },
    at: minute(at),
  };
  return { type: 'observed' as const, generation: state.generation, after, reading };
}

/** What is served of a prompt, but for the number of its generation. */
export function servedOf(state: RolloutState): string {
  const flags = manifestOf([state]).flags;
  return JSON.stringify(Object.values(flags).map(({ variants, targeting }) => ({ variants, targeting })));
}

/** Takes one step of the model and checks all that must hold of it. */
export function step(before: RolloutState, event: RolloutEvent): RolloutState {
  const { state, effects } = transition(before, event, plan);
  const kinds = effects.map((effect) => effect.do);
  expectSound(state);
  expectEvidence(before, event, state);

  const changed = servedOf(state) !== servedOf(before);
  expect(state.generation - before.generation).toBe(changed ? 1 : 0);
  expect(kinds.includes('serve')).toBe(changed);
  if (state !== before && kinds[0] !== 'release') expect(kinds[0]).toBe('state');
  const order = ['release', 'state', 'serve', 'alert', 'tag', 'issue', 'pull request'];
  expect(kinds).toEqual(order.filter((kind) => kinds.some((one) => one === kind)));
  for (const effect of effects) if (effect.do === 'state') expect(effect.state).toBe(state);
  return state;
}

function expectSound(state: RolloutState): void {
  const { stable, canary, previous, quarantine } = state;
  if (canary) {
    expect(percents.slice(0, -1)).toContain(canary.percent);
    expect(stable).not.toBeNull();
    expect(canary.release.sha256).not.toBe(stable?.sha256);
  }
  const reverted = quarantine.map(({ release: { sha256 } }) => sha256);
  for (const served of [stable, canary?.release, ...previous]) expect(reverted).not.toContain(served?.sha256);
  for (const { variants, targeting } of Object.values(manifestOf([state]).flags))
    expect([Boolean(variants.canary), Boolean(targeting)]).toEqual([canary !== null, canary !== null]);
  expectRevert(state);
}

/** One event takes everybody off the newest version, wherever the rollout is. */
function expectRevert(state: RolloutState): void {
  if (state.canary === null && state.previous.length === 0) return;
  const newest = state.canary?.release ?? state.stable;
  const reverted = transition(state, byPerson('revert'), plan);
  expect(reverted.state.canary).toBeNull();
  expect(reverted.state.stable?.sha256).not.toBe(newest?.sha256);
  expect(reverted.effects.slice(0, 2).map((effect) => effect.do)).toEqual(['state', 'serve']);
}

/** More users than before get a canary by evidence or by a person, never while frozen, and one step at a time. */
function expectEvidence(before: RolloutState, event: RolloutEvent, after: RolloutState): void {
  const { canary } = before;
  if (canary === null) return;
  const isStable = after.stable?.sha256 === canary.release.sha256;
  const stays = after.canary?.release.sha256 === canary.release.sha256;
  const percent = isStable ? 100 : stays ? (after.canary?.percent ?? 0) : 0;
  if (percent <= canary.percent) return;
  expect(before.frozen).toBeNull();
  expect(percents.indexOf(percent)).toBe(percents.indexOf(canary.percent) + 1);
  if (event.type === 'advance') return;
  expect(['observed', 'tick']).toContain(event.type);
  const metrics = Object.values(after.log.at(-1)?.evidence?.metrics ?? {});
  expect(metrics).toHaveLength(plan.metrics.length);
  for (const { harm, nonInferiority, counted } of metrics) {
    expect(nonInferiority).toBeGreaterThanOrEqual(Math.log(20));
    expect(harm).toBeLessThan(Math.log(5));
    expect(counted.canary).toBeGreaterThanOrEqual(50);
  }
}
