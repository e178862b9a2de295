import type { Call, Score } from '../signal.ts';
import { responseKeyOf, spanKeyOf } from './keys.ts';
import { createRecent } from './recent.ts';

type Scored<Known> = { readonly known: Known; readonly score: Score };
type Early = { readonly score: Score; found: boolean };

/** Finds out which call a score is of: the one whose span or response it names. */
export type ScoredCalls<Known> = {
  /** Whether a call of this span was added. */
  has(call: Call): boolean;
  /** Adds a call with what is known of it, null where nobody needs its scores; gives those that came before it. */
  addCall(call: Call, known: Known | null): readonly Scored<Known>[];
  addScore(score: Score): Scored<Known> | null;
  forgetBefore(time: number): void;
};

/** @param onUnknown gets scores whose call never came */
export function joinScores<Known extends object>(
  onUnknown: (score: Score) => void,
  onOverflow: () => void,
): ScoredCalls<Known> {
  const calls = createRecent<Known | null>(onOverflow);
  const early = createRecent<Early[]>(onOverflow);
  return {
    has(call) {
      const span = spanKeyOf(call);
      return span !== null && calls.has(span);
    },
    addCall(call, known) {
      return keysOf(call).flatMap((key) => {
        calls.set(key, known, call.at);
        const waited = (early.get(key) ?? []).filter(({ found }) => !found);
        early.delete(key);
        for (const entry of waited) entry.found = true;
        return known === null ? [] : waited.map(({ score }) => ({ known, score }));
      });
    },
    addScore(score) {
      const keys = keysOf(score);
      const entry = { score, found: false };
      for (const key of keys) {
        const known = calls.get(key);
        if (known !== undefined) return known === null ? null : { known, score };
      }
      for (const key of keys) {
        const others = early.get(key);
        if (others) others.push(entry);
        else early.set(key, [entry], score.at);
      }
      if (keys.length === 0) onUnknown(score);
      return null;
    },
    forgetBefore(time) {
      calls.forgetBefore(time);
      early.forgetBefore(time, (entries) => {
        for (const entry of entries) {
          if (!entry.found) onUnknown(entry.score);
          entry.found = true;
        }
      });
    },
  };
}

function keysOf(signal: Call | Score): readonly number[] {
  return [spanKeyOf(signal), responseKeyOf(signal)].filter((key) => key !== null);
}
