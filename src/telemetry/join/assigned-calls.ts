import { type Assignment, type Call, type Place, spanKey } from '../signal.ts';
import { createRecent } from './recent.ts';

type Assigned = { readonly call: Call; readonly assignment: Assignment };

/** Finds out who made a call: an assignment to the same prompt in the same span, else in the same trace. */
export type AssignedCalls = {
  /** The call with its user, if that is known by now. */
  addCall(call: Call): Assigned | null;
  /** The calls that waited for this. */
  addAssignment(assignment: Assignment): readonly Assigned[];
  /** Gives up on what came before a time. */
  forgetBefore(time: number): void;
};

/** @param onUnknown gets calls that nobody seems to have made */
export function joinAssignments(onUnknown: (call: Call) => void, onOverflow: () => void): AssignedCalls {
  const assignments = createRecent<Assignment>(onOverflow);
  const waiting = createRecent<readonly Call[]>(onOverflow);
  return {
    addCall(call) {
      const keys = keysOf(call);
      for (const key of keys) {
        const assignment = assignments.get(key);
        if (assignment) return { call, assignment };
      }
      // The trace's where there is one: it is in the assignment, too, whichever span that is in.
      const key = keys.at(-1);
      if (key === undefined) onUnknown(call);
      else waiting.set(key, [...(waiting.get(key) ?? []), call], call.at);
      return null;
    },
    addAssignment(assignment) {
      const keys = keysOf(assignment);
      for (const key of keys) assignments.set(key, assignment, assignment.at);
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
function keysOf(place: Place): readonly string[] {
  return [spanKey(place), place.traceId].filter((key) => key !== null);
}
