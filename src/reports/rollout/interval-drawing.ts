import type { EvidenceSummary } from '../../rollout/state.ts';
import { markdownFence } from '../hostile.ts';
import { drawnName } from './drawing.ts';

/** Characters on each side of the middle, which stands for no difference. */
const HALF_WIDTH = 24;

/**
 * The intervals of the metrics' differences as a drawing of characters: left of the middle the new version is worse, right of it better.
 * Nothing where no metric has an interval.
 */
export function drawIntervals(metrics: EvidenceSummary['metrics']): readonly string[] {
  const drawn = Object.entries(metrics).flatMap(([name, { difference }]) =>
    difference === null ? [] : [{ name: drawnName(name), ...difference }],
  );
  const widest = Math.max(...drawn.map(({ mean, half }) => Math.abs(mean) + half));
  if (drawn.length === 0 || widest === 0) return [];
  const column = Math.max(...drawn.map(({ name }) => name.length)) + 2;
  const place = (difference: number) => HALF_WIDTH + Math.round((difference / widest) * HALF_WIDTH);
  const lines = drawn.map(({ name, mean, half }) => {
    const line = intervalLine({ from: place(mean - half), mean: place(mean), to: place(mean + half) });
    return `${name.padEnd(column)}${line}`.trimEnd();
  });
  const [worse, better] = ['← worse'.padEnd(HALF_WIDTH), 'better →'.padStart(HALF_WIDTH)];
  return [markdownFence([`${' '.repeat(column)}${worse}│${better}`, ...lines].join('\n'), 'text')];
}

/** Places in characters. */
function intervalLine(interval: { from: number; mean: number; to: number }): string {
  return Array.from({ length: 2 * HALF_WIDTH + 1 }, (_, place) => markAt(place, interval)).join('');
}

function markAt(place: number, { from, mean, to }: { from: number; mean: number; to: number }): string {
  if (place === mean) return '●';
  if (place === from) return '├';
  if (place === to) return '┤';
  const isInside = place > from && place < to;
  if (place === HALF_WIDTH) return isInside ? '┼' : '│';
  return isInside ? '─' : ' ';
}
