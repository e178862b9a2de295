import { type Effect, revertedTag, stepTag } from './effects.ts';
import type { LogEntry, RolloutState } from './state.ts';

/** What is written down outside after users were served. */
export type Recording = Extract<Effect, { readonly do: 'tag' | 'issue' | 'pull request' }>;

const steps: readonly LogEntry['what'][] = ['started', 'promoted', 'finished'];
const moves: readonly LogEntry['what'][] = [...steps, 'reverted', 'superseded'];

/**
 * The records that a rollout's log says must exist, oldest first: each can be made again without harm. The issue and the pull request are
 * asked for only after the revert that came last and still stands.
 */
export function recordsOf(state: RolloutState): readonly Recording[] {
  const last = state.log.findLast(({ what }) => moves.includes(what));
  return state.log.flatMap((entry) => [
    ...tagsOf(state, entry),
    ...(entry === last && entry.what === 'reverted' ? ofRevert(state, entry) : []),
  ]);
}

function tagsOf({ prompt }: RolloutState, entry: LogEntry): readonly Recording[] {
  const { what, version, percent } = entry;
  if (version === null) return [];
  if (what === 'reverted') return [{ do: 'tag', tag: revertedTag(prompt, { version }), entry }];
  return steps.includes(what)
    ? [{ do: 'tag', tag: stepTag(prompt, { version }, percent ?? 100), entry }]
    : [];
}

function ofRevert({ stable, quarantine }: RolloutState, entry: LogEntry): readonly Recording[] {
  const reverted = quarantine.find(({ release }) => release.version === entry.version)?.release;
  if (!reverted || !stable) return [];
  return [
    { do: 'issue', reverted, entry },
    { do: 'pull request', reverted, restored: stable, entry },
  ];
}
