import type { ExampleChange } from '../../evaluation/scorecard.ts';
import { describeTally, gainOf } from '../example-changes.ts';
import { markdownText } from '../hostile.ts';
import { formatDifference } from '../numbers.ts';
import type { Section } from '../sections.ts';
import { capped, collapsible, type Limits, table } from './blocks.ts';

/** The examples that were lost and won, worst first. */
export function changeBlocks({ changes }: Section, limits: Limits): readonly string[] {
  if (!changes) return [];
  const { lost, won, emptyAnswer } = changes;
  const all = [...lost, ...won];
  if (all.length === 0) return [];
  const { shown, leftOut } = capped(all, limits.examples, 'examples');
  const cell = (text: string, empty: string) =>
    text.trim() === '' ? `_${empty}_` : markdownText(text, limits.text);
  const row = (change: ExampleChange) => [
    markdownText(change.example, 80),
    formatDifference(gainOf(change), 'ratio'),
    cell(change.input, 'empty'),
    cell(change.expected, 'empty'),
    cell(change.base.output, emptyAnswer),
    cell(change.head.output, emptyAnswer),
  ];
  const columns = [
    { name: 'example' },
    { name: 'change', numeric: true },
    ...['input', 'expected', 'before', 'after'].map((name) => ({ name })),
  ];
  const parts = [...(shown.length > 0 ? [table(columns, shown.map(row))] : []), ...leftOut];
  return [collapsible(`Examples: ${describeTally(changes)}`, parts)];
}
