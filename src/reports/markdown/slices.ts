import { markdownText } from '../hostile.ts';
import { formatDifference, formatDifferenceInterval, formatP, formatValue } from '../numbers.ts';
import type { Section } from '../sections.ts';
import { countJudged, judgedSlices } from '../slices.ts';
import { capped, type Limits, table } from './blocks.ts';

/** The slices of the data with a verdict, the largest loss first; the others are counted. */
export function sliceBlocks({ slices }: Section, limits: Limits): readonly string[] {
  if (slices.length === 0) return [];
  const { shown, leftOut } = capped(judgedSlices(slices), limits.slices, 'slices');
  const title = `${countJudged(slices)}.`;
  if (shown.length === 0) return [title, ...leftOut];
  const numbers = ['n', 'base', 'head', 'difference', '95% interval', 'adjusted p'];
  const rows = shown.map(({ tag, n, base, head, difference, interval, adjustedP, verdict }) => [
    markdownText(tag, 80),
    String(n),
    formatValue(base, 'ratio'),
    formatValue(head, 'ratio'),
    formatDifference(difference, 'ratio'),
    formatDifferenceInterval(interval, 'ratio'),
    markdownText(formatP(adjustedP)),
    verdict,
  ]);
  const columns = [
    { name: 'slice' },
    ...numbers.map((name) => ({ name, numeric: true })),
    { name: 'verdict' },
  ];
  return [title, table(columns, rows), ...leftOut];
}
