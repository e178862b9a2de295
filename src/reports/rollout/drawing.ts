import type { RolloutPlan } from '../../rollout/plan.ts';
import type { Canary, LogEntry, RolloutState } from '../../rollout/state.ts';
import { markdownFence } from '../hostile.ts';

/** Versions drawn; the table below the drawing has the others. */
const DRAWN = 5;

const shown: readonly LogEntry['what'][] = [
  'started',
  'promoted',
  'finished',
  'held',
  'reverted',
  'superseded',
];

const colours: Readonly<Record<'now' | 'good' | 'held' | 'bad' | 'gone' | 'ahead', string>> = {
  now: 'fill:#ddf4ff,stroke:#0969da,color:#1f2328',
  good: 'fill:#dafbe1,stroke:#1a7f37,color:#1f2328',
  held: 'fill:#fff8c5,stroke:#9a6700,color:#1f2328',
  bad: 'fill:#ffebe9,stroke:#cf222e,color:#1f2328',
  gone: 'fill:#eaeef2,stroke:#59636e,color:#1f2328',
  ahead: 'fill:#ffffff,stroke:#59636e,color:#59636e,stroke-dasharray:4 3',
};

type Box = { readonly label: string; readonly tone: keyof typeof colours };

/** The newest rollouts as a mermaid flowchart: a line for each, a box for each step, how it ended, and what is still to come. */
export function drawRollouts(state: RolloutState, plan: RolloutPlan): readonly string[] {
  const rollouts = rolloutsOf(state.log).slice(-DRAWN);
  if (rollouts.length === 0) return [];
  const lines = rollouts.flatMap((entries, rollout) =>
    [...entries.map((entry) => boxOf(state, entry)), ...aheadOf(state, entries, plan)].map(
      ({ label, tone }, index) => {
        const box = `r${rollout}e${index}["${label}"]:::${tone}`;
        const arrow = tone === 'ahead' ? '-.->' : '-->';
        return index === 0 ? `  ${box}` : `  r${rollout}e${index - 1} ${arrow} ${box}`;
      },
    ),
  );
  const classes = Object.entries(colours).map(([tone, style]) => `  classDef ${tone} ${style}`);
  const drawing = markdownFence(['flowchart LR', ...lines, ...classes].join('\n'), 'mermaid');
  return [drawing, `_Blue: what users get now.${state.canary ? ' Dashed: the steps to come.' : ''}_`];
}

/** What happened to each version from its start on. */
function rolloutsOf(log: readonly LogEntry[]): readonly (readonly LogEntry[])[] {
  const rollouts: LogEntry[][] = [];
  for (const entry of log) {
    if (!shown.includes(entry.what)) continue;
    const current = rollouts.findLast((entries) => entries[0]?.version === entry.version);
    if (entry.what === 'started' || current === undefined) rollouts.push([entry]);
    else current.push(entry);
  }
  return rollouts;
}

/** The steps that the version under way has before it. */
function aheadOf(
  { canary }: RolloutState,
  entries: readonly LogEntry[],
  { steps }: RolloutPlan,
): readonly Box[] {
  if (canary === null || !entries.some((entry) => isNow(canary, entry))) return [];
  return steps
    .filter(({ percent }) => percent > canary.percent)
    .map(({ percent }) => ({ label: percent === 100 ? 'everybody' : `${percent} %`, tone: 'ahead' }));
}

function boxOf({ canary, stable }: RolloutState, entry: LogEntry): Box {
  const { what, version } = entry;
  const isStable = version === stable?.version;
  const label =
    what === 'finished' && isStable && canary ? `${drawnName(version)}: the others` : labelOf(entry);
  if (what === 'held') return { label, tone: 'held' };
  if (what === 'reverted') return { label, tone: 'bad' };
  if (what === 'superseded') return { label, tone: 'gone' };
  if (what === 'finished') return { label, tone: isStable ? 'now' : 'gone' };
  return { label, tone: canary && isNow(canary, entry) ? 'now' : 'good' };
}

/** Whether an entry is about the step that the canary is at. */
function isNow({ release, percent, stepSince }: Canary, entry: LogEntry): boolean {
  return entry.version === release.version && entry.percent === percent && entry.at === stepSince;
}

function labelOf({ what, version, percent }: LogEntry): string {
  const name = drawnName(version ?? '');
  if (what === 'started') return `${name}: ${percent} %`;
  if (what === 'promoted') return `${percent} %`;
  return what === 'finished' ? `${name}: everybody` : `${name}: ${what}`;
}

/** Only what versions are made of: mermaid has a grammar and entities of its own, and takes HTML. */
export function drawnName(text: string): string {
  return text.slice(0, 60).replace(/[^0-9A-Za-z.+-]/g, '_');
}
