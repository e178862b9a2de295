import type { Assignment, Call, Place } from '../signal.ts';
import { spanKeyOf, traceKeyOf } from './keys.ts';
import { createRecent } from './recent.ts';

/** What is kept of an assignment. */
export type Assigned = Pick<Assignment, 'user' | 'variant' | 'generation'>;
type AssignedCall = { readonly call: Call; readonly assignment: Assigned };

/** Finds out who made a call: an assignment to the same prompt in the same span, else in the same trace. */
export type AssignedCalls = {
  /** The call with its user, if that is known by now. */
  addCall(call: Call): AssignedCall | null;
  /** The calls that waited for this. */
  addAssignment(assignment: Assignment): readonly AssignedCall[];
  /** Gives up on what came before a time. */
  forgetBefore(time: number): void;
};

/** @param onUnknown gets calls that nobody seems to have made */
export function joinAssignments(onUnknown: (call: Call) => void, onOverflow: () => void): AssignedCalls {
  const assignments = createRecent<Assigned>(onOverflow);
  const waiting = createRecent<Call[]>(onOverflow);
  return {
    addCall(call) {
      const keys = keysOf(call);
      for (const key of keys) {
        const assignment = assignments.get(key);
        if (assignment) return { call, assignment };
      }
      // The trace's where there is one: it is in the assignment, too, whichever span that is in.
      const key = keys.at(-1);
      const others = key === undefined ? undefined : waiting.get(key);
      if (key === undefined) onUnknown(call);
      else if (others) others.push(call);
      else waiting.set(key, [call], call.at);
      return null;
    },
    addAssignment({ user, variant, generation, ...signal }) {
      const assignment = { user, variant, generation };
      const keys = keysOf(signal);
      for (const key of keys) assignments.set(key, assignment, signal.at);
      return keys.flatMap((key) => {
        const calls = waiting.get(key) ?? [];
        waiting.delete(key);
        return calls.map((call) => ({ call, assignment }));
      });
    },
    forgetBefore(time) {
      assignments.forgetBefore(time);
      waiting.forgetBefore(time, (calls) => {
        for (const call of calls) onUnknown(call);
      });
    },
  };
}

/** The nearest first. */
function keysOf(place: Place): readonly number[] {
  return [spanKeyOf(place), traceKeyOf(place)].filter((key) => key !== null);
}
