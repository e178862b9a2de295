import { alarmsOf } from '../../rollout/judge.ts';
import type { RolloutState } from '../../rollout/state.ts';
import type { Tone } from '../headline.ts';
import type { Inventory } from './dashboard.ts';

/** Something that somebody should know, or should have known. */
export type DashboardAlert = {
  readonly prompt: string;
  /** ISO 8601. */
  readonly since: string;
  readonly title: string;
  readonly tone: Tone;
  readonly reasons: readonly string[];
  /** Whether it still holds. */
  readonly isOpen: boolean;
};

const DAY = 86_400_000;
/** A revert is told for so long. */
const RECENT = 14 * DAY;

/** What is wrong now, then what was: rollouts that are held, frozen or were taken back, and what monitoring found. The newest first. */
export function alertsOf({ rollouts, monitoring, at }: Inventory): readonly DashboardAlert[] {
  const watched = monitoring?.alerts.map(
    ({ prompt, state, since, title, reasons }): DashboardAlert => ({
      prompt,
      since,
      title: `${title}: ${state}`,
      tone: state === 'firing' ? 'bad' : state === 'pending' ? 'doubt' : 'neutral',
      reasons,
      isOpen: state !== 'resolved',
    }),
  );
  return [...rollouts.states.flatMap((state) => ofRollout(state, at)), ...(watched ?? [])].toSorted(
    (a, b) => Number(b.isOpen) - Number(a.isOpen) || Date.parse(b.since) - Date.parse(a.since),
  );
}

function ofRollout({ prompt, canary, frozen, log }: RolloutState, at: string): DashboardAlert[] {
  const alarms = canary?.decision?.kind === 'hold' ? alarmsOf(canary.decision) : [];
  const reverts = log.filter(
    (entry) => entry.what === 'reverted' && Date.parse(at) - Date.parse(entry.at) < RECENT,
  );
  const held = log.findLast(({ what, version }) => what === 'held' && version === canary?.release.version);
  return [
    ...(canary && alarms.length > 0
      ? [
          {
            prompt,
            since: held?.at ?? canary.stepSince,
            title: `${canary.release.version} is held at ${canary.percent} %`,
            tone: 'doubt' as const,
            reasons: canary.decision?.reasons ?? [],
            isOpen: true,
          },
        ]
      : []),
    ...(frozen
      ? [
          {
            prompt,
            since: frozen.at,
            title: `frozen by ${frozen.by}`,
            tone: 'doubt' as const,
            reasons: [frozen.reason],
            isOpen: true,
          },
        ]
      : []),
    ...reverts.map((entry) => ({
      prompt,
      since: entry.at,
      title: `${entry.version ?? 'a version'} was reverted`,
      tone: 'bad' as const,
      reasons: entry.reasons,
      isOpen: false,
    })),
  ];
}
