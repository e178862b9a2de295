import { markdownText } from '../hostile.ts';
import { adjustedPOf, describeCount, describeInterval, type MetricRow } from '../metric-rows.ts';
import { formatDifference, formatInterval, formatP, formatSize, formatValue, noNumber } from '../numbers.ts';
import type { Section } from '../sections.ts';
import { capped, figure, type Limits, list, table } from './blocks.ts';

/** The table of metrics, and what its columns mean where that is not plain. */
export function metricBlocks({ rows }: Section, limits: Limits): readonly string[] {
  if (rows.length === 0) return [];
  const { shown, leftOut } = capped(rows, limits.metrics, 'metrics');
  const compared = rows.some((row) => row.comparison !== null);
  const footnotes = footnotesOf(shown);
  return [
    compared ? comparisonTable(shown) : valueTable(shown),
    ...leftOut,
    ...(footnotes.length > 0 ? [`_${footnotes.join('; ')}._`] : []),
  ];
}

/** What the gates could not judge; why one failed stands in the verdict. */
export function gateBlocks({ gate, rows }: Section, limits: Limits): readonly string[] {
  if (!gate) return [];
  const { shown, leftOut } = capped(gate.notes, limits.notes, 'notes on the gates');
  const notes = list(shown.map((note) => markdownText(note)));
  if (gate.notes.length > 0) {
    const title = gate.passed ? 'No gate failed, but:' : 'Notes on the gates:';
    return [[title, notes].filter((part) => part !== '').join('\n\n'), ...leftOut];
  }
  return gate.passed && rows.some(({ tier }) => tier === 'gate') ? ['All gates passed.'] : [];
}

function comparisonTable(rows: readonly MetricRow[]): string {
  const numbers = ['base', 'head', 'difference', '95% interval', 'p', 'n', 'detectable'];
  return table(
    [
      { name: 'metric' },
      { name: 'role' },
      ...numbers.map((name) => ({ name, numeric: true })),
      { name: 'verdict' },
    ],
    rows.map((row, index) => {
      const { unit, head, base, comparison } = row;
      return [
        nameCell(row, index === 0),
        row.tier ?? noNumber,
        figure(formatValue(comparison?.base ?? base?.mean ?? null, unit)),
        figure(formatValue(comparison ? comparison.head : head.mean, unit)),
        figure(formatDifference(comparison?.difference ?? null, unit)),
        figure(describeInterval(comparison, unit)),
        pCell(row),
        describeCount(row),
        figure(formatSize(comparison?.detectable ?? null, unit)),
        comparison?.verdict ?? noNumber,
      ];
    }),
  );
}

function valueTable(rows: readonly MetricRow[]): string {
  const numbers = ['value', '95% interval', 'n', 'missing'];
  return table(
    [{ name: 'metric' }, { name: 'role' }, ...numbers.map((name) => ({ name, numeric: true }))],
    rows.map((row, index) => [
      nameCell(row, index === 0),
      row.tier ?? noNumber,
      figure(formatValue(row.head.mean, row.unit)),
      figure(formatInterval(row.head.interval, row.unit)),
      String(row.head.n),
      String(row.head.missing),
    ]),
  );
}

function nameCell({ name, head }: MetricRow, isObjective: boolean): string {
  if (isObjective) return `**${name}**`;
  return markdownText(name, 80) + (head.direction === 'lower' ? ' ↓' : '');
}

function pCell({ comparison }: MetricRow): string {
  const adjusted = adjustedPOf(comparison);
  return markdownText(formatP(comparison?.p ?? null) + (adjusted === null ? '' : ` (${formatP(adjusted)})`));
}

function footnotesOf(rows: readonly MetricRow[]): readonly string[] {
  const notes: string[] = [];
  if (rows.some(({ head }) => head.direction === 'lower')) notes.push('↓: less is better');
  if (rows.some(({ comparison }) => adjustedPOf(comparison) !== null))
    notes.push('p in brackets: adjusted over the gated metrics, the verdict rests on it');
  if (rows.some(({ comparison }) => comparison?.detectable))
    notes.push('detectable: the smallest true difference that is found 4 times in 5');
  return notes;
}
