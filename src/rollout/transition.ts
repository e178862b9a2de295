import semver from 'semver';
import type { RolloutEvent } from './events.ts';
import { addReading } from './evidence.ts';
import { alarmsOf, judge } from './judge.ts';
import {
  noted,
  type Occasion,
  promote,
  promptline,
  recorded,
  revert,
  start,
  type Transition,
  unchanged,
} from './moves.ts';
import type { Cursor } from './observation.ts';
import type { RolloutPlan } from './plan.ts';
import type { Canary, Decision, Release, RolloutState } from './state.ts';

/** What an event makes of the rollout of one prompt. Pure: the same state and event give the same answer. */
export function transition(state: RolloutState, event: RolloutEvent, plan: RolloutPlan): Transition {
  switch (event.type) {
    case 'released':
      return released(state, event.release, {
        cursor: event.cursor,
        plan,
        occasion: { at: event.at, by: promptline, reasons: [], evidence: null },
      });
    case 'observed':
      return observed(state, event, plan);
    case 'tick':
      return state.canary
        ? decided(state, state.canary, { plan, at: event.at, read: false })
        : unchanged(state);
    case 'advance':
      if (state.frozen) return unchanged(state, `${describeFreeze(state)}: unfreeze first`);
      return promote(state, plan, byPerson(event));
    case 'revert':
      return revert(state, byPerson(event));
    case 'emergency':
      return emergency(state, byPerson(event));
    case 'freeze':
      return freeze(state, byPerson(event));
    case 'unfreeze':
      return unfreeze(state, { cursor: event.cursor, plan, occasion: byPerson(event) });
    case 'clear':
      return clear(state, event.sha256, byPerson(event));
  }
}

type Beginning = { readonly cursor: Cursor; readonly plan: RolloutPlan; readonly occasion: Occasion };

function released(state: RolloutState, release: Release, beginning: Beginning): Transition {
  const refused = refusalOf(state, release);
  if (refused !== null) return unchanged(state, refused);
  if (!state.frozen) return start(state, release, beginning);
  const { occasion } = beginning;
  return noted({ ...state, waiting: release }, 'waiting', {
    release,
    occasion: { ...occasion, reasons: [describeFreeze(state)] },
  });
}

function refusalOf({ quarantine, stable, canary, waiting }: RolloutState, release: Release): string | null {
  const reverted = quarantine.find((entry) => entry.release.sha256 === release.sha256);
  if (reverted)
    return `this content was reverted as ${reverted.release.version} (${reverted.reason}): change it, or clear it`;
  for (const known of [stable, canary?.release, waiting]) {
    if (known && semver.lte(release.version, known.version))
      return `${release.version} is not newer than ${known.version}`;
  }
  return null;
}

function observed(
  state: RolloutState,
  event: Extract<RolloutEvent, { type: 'observed' }>,
  plan: RolloutPlan,
): Transition {
  const { canary } = state;
  if (!canary || event.generation !== state.generation) return unchanged(state);
  if (!sameCursor(event.after, canary.evidence.cursor)) return unchanged(state);
  const evidence = addReading(canary.evidence, event.reading, plan);
  return decided(state, { ...canary, evidence }, { plan, at: event.reading.at, read: true });
}

/** Judges the canary and does what follows. `read` says that its evidence is new and must be kept. */
function decided(
  before: RolloutState,
  canary: Canary,
  { plan, at, read }: { readonly plan: RolloutPlan; readonly at: string; readonly read: boolean },
): Transition {
  const decision = unlessFrozen(before, judge(canary, plan, at));
  const { reasons, evidence } = decision;
  const occasion = { at, by: promptline, reasons, evidence };
  const state = { ...before, canary: { ...canary, decision } };
  if (decision.kind === 'revert') return revert(state, occasion);
  if (decision.kind === 'promote') return promote(state, plan, occasion);
  const alarms = alarmsOf(decision);
  if (alarms.join() === alarmsOf(canary.decision).join())
    return read || !sameCauses(decision, canary.decision) ? recorded(state) : unchanged(before);
  const alert = alarms.length > 0;
  return noted(state, alert ? 'held' : 'resumed', { release: canary.release, occasion, alert });
}

function unlessFrozen(state: RolloutState, decision: Decision): Decision {
  if (!state.frozen || decision.kind !== 'promote') return decision;
  return {
    ...decision,
    kind: 'hold',
    causes: ['frozen'],
    reasons: [describeFreeze(state), ...decision.reasons],
  };
}

function emergency(state: RolloutState, occasion: Occasion): Transition {
  const frozen = { at: occasion.at, by: occasion.by, reason: occasion.reasons.join('; ') };
  const reverted = revert({ ...state, frozen }, occasion);
  return reverted.refused === null ? reverted : freeze(state, occasion, { alert: true });
}

function freeze(state: RolloutState, occasion: Occasion, { alert } = { alert: false }): Transition {
  if (state.frozen) return unchanged(state, describeFreeze(state));
  const frozen = { at: occasion.at, by: occasion.by, reason: occasion.reasons.join('; ') };
  return noted({ ...state, frozen }, 'frozen', { release: null, occasion, alert });
}

function unfreeze(state: RolloutState, beginning: Beginning): Transition {
  if (!state.frozen) return unchanged(state, 'it is not frozen');
  const { waiting } = state;
  const { occasion } = beginning;
  const thawed = noted({ ...state, frozen: null, waiting: null }, 'unfrozen', { release: null, occasion });
  if (waiting === null) return thawed;
  const started = released(thawed.state, waiting, beginning);
  return started.effects.length > 0 ? started : { ...thawed, refused: started.refused };
}

function clear(state: RolloutState, sha256: string, occasion: Occasion): Transition {
  const cleared = state.quarantine.find(({ release }) => release.sha256 === sha256);
  if (!cleared) return unchanged(state, 'no version of this content is quarantined');
  const quarantine = state.quarantine.filter((entry) => entry !== cleared);
  return noted({ ...state, quarantine }, 'cleared', { release: cleared.release, occasion });
}

function byPerson({ by, reason, at }: { by: string; reason: string; at: string }): Occasion {
  return { at, by, reasons: [reason], evidence: null };
}

function describeFreeze({ frozen }: RolloutState): string {
  return frozen ? `frozen by ${frozen.by} (${frozen.reason})` : 'not frozen';
}

function sameCauses(a: Decision, b: Decision | null): boolean {
  return a.causes.join() === b?.causes.join();
}

function sameCursor(a: Cursor, b: Cursor): boolean {
  const [left, right] = [Object.entries(a), Object.entries(b)];
  return left.length === right.length && left.every(([source, place]) => b[source] === place);
}
