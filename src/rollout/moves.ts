import { type Effect, revertedTag, stepTag } from './effects.ts';
import { carriedOver, noEvidence } from './evidence.ts';
import type { Cursor } from './observation.ts';
import { nextPercent, type RolloutPlan } from './plan.ts';
import { type EvidenceSummary, type LogEntry, logged, type Release, type RolloutState } from './state.ts';

/** The state after an event, what is to be done, and why nothing was done where somebody asked for it. */
export type Transition = {
  readonly state: RolloutState;
  readonly effects: readonly Effect[];
  readonly refused: string | null;
};

/** When something was done, by whom and why. */
export type Occasion = {
  readonly at: string;
  readonly by: string;
  readonly reasons: readonly string[];
  readonly evidence: EvidenceSummary | null;
};

/** How many versions back a person can revert. */
const REVERT_DEPTH = 10;

/** Who decides where no person does. */
export const promptline = 'promptline';

export function unchanged(state: RolloutState, refused: string | null = null): Transition {
  return { state, effects: [], refused };
}

/** What is served stays; the state is written. */
export function recorded(state: RolloutState): Transition {
  return { state, effects: [{ do: 'state', state }], refused: null };
}

/** As {@link recorded}, with an entry in the log, which is also sent as an alert where `alert` says so. */
export function noted(
  before: RolloutState,
  what: LogEntry['what'],
  {
    release,
    occasion,
    alert = false,
  }: { readonly release: Release | null; readonly occasion: Occasion; readonly alert?: boolean },
): Transition {
  const { canary } = before;
  const percent = canary && canary.release === release ? canary.percent : null;
  const entry = entryOf(before, what, { release, percent, occasion });
  const state = { ...before, log: logged(before.log, entry) };
  const alerts: readonly Effect[] = alert ? [{ do: 'alert', entry }] : [];
  return { state, effects: [{ do: 'state', state }, ...alerts], refused: null };
}

/**
 * A version begins at the first step. It is everybody's at once where there is nothing to compare it with: no stable version, or one
 * of the same content.
 */
export function start(
  before: RolloutState,
  release: Release,
  options: { readonly cursor: Cursor; readonly plan: RolloutPlan; readonly occasion: Occasion },
): Transition {
  const { cursor, plan, occasion } = options;
  const state = { ...superseded(before, release, occasion), waiting: null };
  const percent = plan.steps[0]?.percent ?? 100;
  if (percent === 100 || state.stable === null || state.stable.sha256 === release.sha256)
    return finish(state, release, occasion);
  const generation = state.generation + 1;
  const canary = {
    release,
    percent,
    salt: `${release.version}-g${generation}`,
    stepSince: occasion.at,
    decision: null,
    evidence: noEvidence(cursor),
  };
  const next = { ...state, generation, canary };
  return served(next, entryOf(next, 'started', { release, percent, occasion }), release);
}

/** The canary goes to the next step, or becomes stable at the last. */
export function promote(state: RolloutState, plan: RolloutPlan, occasion: Occasion): Transition {
  const { canary } = state;
  if (canary === null) return unchanged(state, 'there is no canary to promote');
  const { release } = canary;
  const percent = nextPercent(plan, canary.percent) ?? 100;
  if (percent === 100) return finish(state, release, occasion);
  const next = {
    ...state,
    generation: state.generation + 1,
    canary: {
      ...canary,
      percent,
      stepSince: occasion.at,
      decision: null,
      evidence: carriedOver(canary.evidence),
    },
  };
  return served(next, entryOf(next, 'promoted', { release, percent, occasion }), release);
}

/** Everybody gets what was stable before the canary, or before the newest version where there is none. */
export function revert(state: RolloutState, occasion: Occasion): Transition {
  const reverted = state.canary?.release ?? state.stable;
  const [restored, ...older] =
    state.canary && state.stable ? [state.stable, ...state.previous] : state.previous;
  if (!reverted || !restored) return unchanged(state, 'there is no version to go back to');
  const next = {
    ...state,
    generation: state.generation + 1,
    stable: restored,
    previous: older.filter((release) => release.sha256 !== reverted.sha256),
    canary: null,
    quarantine: [
      ...state.quarantine.filter(({ release }) => release.sha256 !== reverted.sha256),
      { release: reverted, at: occasion.at, reason: occasion.reasons.join('; ') },
    ],
  };
  const entry = entryOf(next, 'reverted', { release: reverted, percent: 0, occasion });
  const after = { ...next, log: logged(next.log, entry) };
  return {
    state: after,
    effects: [
      { do: 'state', state: after },
      { do: 'serve' },
      { do: 'alert', entry },
      { do: 'tag', tag: revertedTag(state.prompt, reverted), entry },
      { do: 'issue', reverted, entry },
      { do: 'pull request', reverted, restored, entry },
    ],
    refused: null,
  };
}

function finish(state: RolloutState, release: Release, occasion: Occasion): Transition {
  const next = {
    ...state,
    generation: state.generation + 1,
    stable: release,
    previous: [...(state.stable ? [state.stable] : []), ...state.previous]
      .filter(({ sha256 }) => sha256 !== release.sha256)
      .slice(0, REVERT_DEPTH),
    canary: null,
  };
  return served(next, entryOf(next, 'finished', { release, percent: 100, occasion }), release);
}

/** More users get the release: content first, so that what is served can be read. */
function served(before: RolloutState, entry: LogEntry, release: Release): Transition {
  const state = { ...before, log: logged(before.log, entry) };
  const tag = stepTag(state.prompt, release, entry.percent ?? 100);
  return {
    state,
    effects: [{ do: 'release', release }, { do: 'state', state }, { do: 'serve' }, { do: 'tag', tag, entry }],
    refused: null,
  };
}

/** The state without the canary that a newer release replaces. It did no harm, so it is not quarantined. */
function superseded(state: RolloutState, by: Release, occasion: Occasion): RolloutState {
  if (state.canary === null) return state;
  const reasons = [`${by.version} was released`];
  const entry = entryOf(state, 'superseded', {
    release: state.canary.release,
    percent: 0,
    occasion: { ...occasion, reasons },
  });
  return { ...state, canary: null, log: logged(state.log, entry) };
}

function entryOf(
  { generation }: RolloutState,
  what: LogEntry['what'],
  subject: {
    readonly release: Release | null;
    readonly percent: number | null;
    readonly occasion: Occasion;
  },
): LogEntry {
  const { release, percent, occasion } = subject;
  return { what, generation, version: release?.version ?? null, percent, ...occasion };
}
