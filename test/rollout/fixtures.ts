import { rolloutConfigSchema } from '../../src/config/rollout.ts';
import { targetingKeyOf } from '../../src/rollout/assign.ts';
import type { Effect } from '../../src/rollout/effects.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import type { Observation } from '../../src/rollout/observation.ts';
import { planOf, type RolloutPlan } from '../../src/rollout/plan.ts';
import { initialState, type Release, type RolloutState } from '../../src/rollout/state.ts';
import { transition } from '../../src/rollout/transition.ts';
import type { Random } from '../../src/statistics/random.ts';

/** The default plan, with one metric unless said otherwise. */
export function planWith(rollout: object = { metrics: { success: {} } }): RolloutPlan {
  return planOf(rolloutConfigSchema.parse(rollout));
}

export const prompt = 'query_processing/default';

/** A release whose content differs by version. */
export function release(version: string, content = version): Release {
  return {
    version,
    ref: `prompts/${prompt}@${version}`,
    sha256: targetingKeyOf(content),
  };
}

const start = Date.parse('2026-03-01T00:00:00Z');

/** Minutes after the beginning, ISO 8601. */
export function minute(minutes: number): string {
  return new Date(start + minutes * 60_000).toISOString();
}

export function released(version: string, at = 0): RolloutEvent {
  return { type: 'released', release: release(version), cursor: {}, at: minute(at) };
}

export function byPerson<Type extends 'advance' | 'revert' | 'emergency' | 'freeze'>(type: Type, at = 0) {
  return { type, by: 'ada', reason: `a reason to ${type}`, at: minute(at) } as const;
}

export function unfreeze(at = 0): RolloutEvent {
  return { type: 'unfreeze', by: 'ada', reason: 'mended', cursor: {}, at: minute(at) };
}

export function clear(version: string, at = 0) {
  const { sha256 } = release(version);
  return { type: 'clear', sha256, by: 'ada', reason: 'a false alarm', at: minute(at) } as const;
}

/** The state after events, and what the last one asked for. */
export function play(
  events: readonly RolloutEvent[],
  plan = planWith(),
  from: RolloutState = initialState(prompt),
): { state: RolloutState; effects: readonly Effect[]; refused: string | null } {
  return events.reduce<{ state: RolloutState; effects: readonly Effect[]; refused: string | null }>(
    ({ state }, event) => transition(state, event, plan),
    { state: from, effects: [], refused: null },
  );
}

/** New users' outcomes, at random by the arms' rates. */
export function traffic(
  random: Random,
  { users, percent, control, canary }: { users: number; percent: number; control: number; canary: number },
): Observation[] {
  return Array.from({ length: users }, () => {
    const arm = random.next() * 100 < percent ? 'canary' : 'control';
    const rate = arm === 'canary' ? canary : control;
    return {
      user: targetingKeyOf(`${random.next()}`),
      arm,
      values: { success: random.next() < rate ? 1 : 0 },
    };
  });
}

/** A reading of the canary that is served, from where the last one ended. */
export function observed(
  state: RolloutState,
  observations: readonly Observation[],
  at: number,
): RolloutEvent {
  const after = state.canary?.evidence.cursor ?? {};
  return {
    type: 'observed',
    generation: state.generation,
    after,
    reading: {
      observations,
      counters: [],
      cursor: { log: String(Number(after['log'] ?? 0) + 1) },
      at: minute(at),
    },
  };
}
