import type { LogEntry, RolloutState } from '../../rollout/state.ts';

/** Something that became of a watched rollout, by whomever. */
export type Happened = { readonly prompt: string; readonly entry: LogEntry };

/** The log's entries that were not in an earlier state of the same prompt; the newest last. */
export function happenedSince(before: RolloutState, after: RolloutState): readonly Happened[] {
  const last = JSON.stringify(before.log.at(-1));
  const known = after.log.findLastIndex((entry) => JSON.stringify(entry) === last);
  return after.log.slice(known + 1).map((entry) => ({ prompt: after.prompt, entry }));
}

const stepEnds: readonly LogEntry['what'][] = ['promoted', 'finished', 'reverted', 'superseded'];

export function endsStep({ entry }: Happened): boolean {
  return stepEnds.includes(entry.what);
}
