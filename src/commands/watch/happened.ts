import type { LogEntry, RolloutState } from '../../rollout/state.ts';

/** Something that became of a watched rollout, by whomever. */
export type Happened = { readonly prompt: string; readonly entry: LogEntry };

/** The log's entries that were not in an earlier state of the same prompt; the newest last. */
export function happenedSince(before: RolloutState, after: RolloutState): readonly Happened[] {
  const last = before.log.at(-1);
  const known = last ? after.log.findLastIndex((entry) => isSame(entry, last)) : -1;
  return after.log.slice(known + 1).map((entry) => ({ prompt: after.prompt, entry }));
}

/** One is as it was written, the other as it was read again. */
function isSame(one: LogEntry, other: LogEntry): boolean {
  return one.at === other.at && one.what === other.what && one.generation === other.generation;
}

const stepEnds: readonly LogEntry['what'][] = ['promoted', 'finished', 'reverted', 'superseded'];

export function endsStep({ entry }: Happened): boolean {
  return stepEnds.includes(entry.what);
}
