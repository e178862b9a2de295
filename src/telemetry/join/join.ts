import type { Observation } from '../../rollout/observation.ts';
import type { Arm } from '../../statistics/blocks.ts';
import type { IrregularityKind, Tally } from '../irregularities.ts';
import { userFeedback } from '../names.ts';
import { type Call, describeSignal, type Score, type Signal } from '../signal.ts';
import { type Assigned, joinAssignments } from './assigned-calls.ts';
import { awaitFeedback } from './feedback.ts';
import { joinScores } from './scored-calls.ts';

/** Which users are compared: those of a prompt's two versions at one step of its rollout. */
export type Comparison = {
  readonly prompt: string;
  /** Versions. */
  readonly stable: string;
  readonly canary: string;
  /** Of the manifest: calls that name another one are passed over. Null: whatever they name, their time counts. */
  readonly generation: number | null;
  /** When the step began, milliseconds since 1970; calls that name no generation count from then on. */
  readonly since: number;
};

export type TimedObservation = Observation & { readonly at: number };

/** Finds out who had which version and how it went, from signals that come apart and in any order. */
export type Joiner = {
  /** @param now milliseconds since 1970; clocks that are ahead of it are not followed */
  add(signal: Signal, now: number): void;
  /** What was found since the last call. */
  take(): TimedObservation[];
  /** Who is told of irregular signals from now on; null: nobody. */
  report(tally: Tally | null): void;
};

type Known = { readonly user: string; readonly arm: Arm; readonly at: number };

/** Milliseconds by which clocks and exporters may differ before it is said. */
const USUAL_SKEW = 60_000;

/**
 * @param window how long after a call its assignment and its scores may come, in milliseconds of events; feedback is waited for as long
 */
export function createJoiner(comparison: Comparison, window: number): Joiner {
  let tally: Tally | null = null;
  let newest = 0;
  let found: TimedObservation[] = [];
  const note = (kind: IrregularityKind, signal: Signal) => tally?.add(kind, describeSignal(signal));
  const forgotten = () =>
    tally?.add('forgotten', `more calls within ${window / 1000} s than memory is kept for`);
  const users = joinAssignments((call) => note('without user', call), forgotten);
  const scores = joinScores<Known>((score) => note('of an unknown call', score), forgotten);
  const feedback = awaitFeedback<Known>(forgotten);

  return {
    add(signal, now) {
      noteTime(signal, now);
      newest = Math.max(newest, Math.min(signal.at, now));
      if (signal.kind === 'call') addCall(signal);
      else if (signal.kind === 'score') addScore(scores.addScore(signal));
      else if (signal.prompt === comparison.prompt)
        for (const { call, assignment } of users.addAssignment(signal)) addAssigned(call, assignment);
      users.forgetBefore(newest - window);
      scores.forgetBefore(newest - window);
      feedback.settleBefore(newest - window, ({ user, arm, at }, liked) =>
        found.push({ user, arm, at: at + window, values: { feedback: liked ? 1 : 0 } }),
      );
    },
    take() {
      const taken = found;
      found = [];
      return taken;
    },
    report: (next) => {
      tally = next;
    },
  };

  function noteTime(signal: Signal, now: number): void {
    // It comes with a call, which is counted.
    if (signal.kind === 'assignment') return;
    if (signal.at > now + USUAL_SKEW) note('clock ahead', signal);
    else if (signal.at < newest - window) note('late', signal);
    else if (signal.at < newest - USUAL_SKEW) note('out of order', signal);
  }

  function addCall(call: Call): void {
    if (scores.has(call)) note('duplicate', call);
    else if (call.prompt !== comparison.prompt) addKnown(call, null);
    else {
      const assigned = users.addCall(call);
      if (assigned) addAssigned(call, assigned.assignment);
    }
  }

  function addAssigned(call: Call, assignment: Assigned): void {
    const arm = armOf(call.version, assignment.variant);
    const isOfStep =
      assignment.generation === null || comparison.generation === null
        ? call.at >= comparison.since
        : assignment.generation === comparison.generation;
    if (arm !== null && isOfStep) {
      const known = { user: assignment.user, arm, at: call.at };
      // How soon a failure came says nothing about speed.
      const outcome = call.failed ? { success: 0 } : { success: 1, latency: call.milliseconds };
      const values = { ...outcome, ...(call.usd !== null && { cost: call.usd }) };
      found.push({ ...known, values });
      feedback.expose(known);
      addKnown(call, known);
    } else {
      note(arm === null ? 'of another version' : 'of another step', call);
      addKnown(call, null);
    }
  }

  function addKnown(call: Call, known: Known | null): void {
    for (const scored of scores.addCall(call, known)) addScore(scored);
  }

  function addScore(scored: { readonly known: Known; readonly score: Score } | null): void {
    if (scored === null) return;
    const { known, score } = scored;
    if (score.name !== userFeedback)
      found.push({ ...known, at: score.at, values: { [score.name]: score.value } });
    else if (score.value < 0.5) feedback.dislike(known.user);
  }

  /** By the version that was used; by the manifest's name for it where the call does not say one. */
  function armOf(version: string | null, variant: string | null): Arm | null {
    if (version === comparison.canary || (version === null && variant === 'canary')) return 'canary';
    return version === comparison.stable || (version === null && variant === 'stable') ? 'control' : null;
  }
}
