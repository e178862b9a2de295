import type { LogEntry, RolloutState } from '../../rollout/state.ts';
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

const colours: Readonly<Record<'good' | 'held' | 'bad' | 'gone', string>> = {
  good: 'fill:#dafbe1,stroke:#1a7f37,color:#1f2328',
  held: 'fill:#fff8c5,stroke:#9a6700,color:#1f2328',
  bad: 'fill:#ffebe9,stroke:#cf222e,color:#1f2328',
  gone: 'fill:#eaeef2,stroke:#59636e,color:#1f2328',
};

/** The newest rollouts as a mermaid flowchart: a line for each, a box for each step and how it ended. */
export function drawRollouts({ log }: RolloutState): readonly string[] {
  const rollouts = rolloutsOf(log).slice(-DRAWN);
  if (rollouts.length === 0) return [];
  const lines = rollouts.flatMap((entries, rollout) =>
    entries.map((entry, index) => {
      const box = `r${rollout}e${index}["${labelOf(entry)}"]:::${toneOf(entry)}`;
      return index === 0 ? `  ${box}` : `  r${rollout}e${index - 1} --> ${box}`;
    }),
  );
  const classes = Object.entries(colours).map(([tone, style]) => `  classDef ${tone} ${style}`);
  return [markdownFence(['flowchart LR', ...lines, ...classes].join('\n'), 'mermaid')];
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

function labelOf({ what, version, percent }: LogEntry): string {
  const name = inert(version ?? '');
  if (what === 'started') return `${name}: ${percent} %`;
  if (what === 'promoted') return `${percent} %`;
  return what === 'finished' ? `${name}: everybody` : `${name}: ${what}`;
}

function toneOf({ what }: LogEntry): keyof typeof colours {
  if (what === 'held') return 'held';
  if (what === 'reverted') return 'bad';
  return what === 'superseded' ? 'gone' : 'good';
}

/** Only what versions are made of: mermaid has a grammar and entities of its own, and takes HTML. */
function inert(text: string): string {
  return text.slice(0, 60).replace(/[^0-9A-Za-z.+-]/g, '_');
}
