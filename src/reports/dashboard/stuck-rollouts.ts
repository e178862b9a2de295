import { alarmsOf } from '../../rollout/judge.ts';
import type { Canary, RolloutState } from '../../rollout/state.ts';
import { countOf } from '../numbers.ts';
import { commandLine } from './command.ts';
import type { Recommendation } from './dashboard.ts';

const DAY = 86_400_000;
/** What harms, or may, is looked at within a day; what takes its time has a week. */
const LONGEST = { alarmed: DAY, waiting: 7 * DAY, frozen: 7 * DAY };

/**
 * A rollout that waits for a person: frozen for long, held for long because of doubt, or without the users that the next step needs.
 *
 * @param at ISO 8601
 */
export function stuckRollout(state: RolloutState, at: string): Recommendation | null {
  const { prompt, frozen, canary } = state;
  if (frozen) {
    const since = elapsed(frozen.at, at);
    if (since < LONGEST.frozen) return null;
    return {
      kind: 'rollout',
      prompt,
      finding: `It has been frozen for ${daysOf(since)}: nothing is started or promoted.`,
      evidence: [
        { name: 'Frozen', value: `${frozen.at.slice(0, 10)} by ${frozen.by}` },
        { name: 'Reason', value: frozen.reason },
      ],
      command: byHand('unfreeze', prompt, 'it was frozen long enough'),
    };
  }
  return canary?.decision?.kind === 'hold' ? heldRollout(state, canary, at) : null;
}

function heldRollout({ prompt, log }: RolloutState, canary: Canary, at: string): Recommendation | null {
  const { release, percent, stepSince, decision } = canary;
  const isAlarmed = alarmsOf(decision).length > 0;
  const isShort = decision?.causes.some((cause) => cause === 'users' || cause === 'evidence') ?? false;
  if (!isAlarmed && !isShort) return null;
  const held = log.findLast(({ what, version }) => what === 'held' && version === release.version);
  const began = isAlarmed && held && held.at > stepSince ? held.at : stepSince;
  const since = elapsed(began, at);
  if (since < (isAlarmed ? LONGEST.alarmed : LONGEST.waiting)) return null;
  const stays = `${release.version} has stayed at ${percent} % for ${daysOf(since)}`;
  return {
    kind: 'rollout',
    prompt,
    finding: isAlarmed
      ? `${stays}, held: look at the cause, or take it back.`
      : `${stays}: there are too few users for the evidence that the next step needs. A person can take it.`,
    evidence: (decision?.reasons ?? []).map((value) => ({ name: 'Why', value })),
    command: isAlarmed
      ? byHand('revert', prompt, `held at ${percent} %`)
      : byHand('advance', prompt, 'too few users for evidence'),
  };
}

function byHand(deed: string, prompt: string, reason: string): string {
  return commandLine(['promptline', 'rollout', deed, prompt, '--reason', reason]);
}

function elapsed(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}

function daysOf(milliseconds: number): string {
  return countOf(Math.floor(milliseconds / DAY), 'day');
}
