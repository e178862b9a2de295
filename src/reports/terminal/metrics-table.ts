import { displayWidth, padToWidth } from '../display-width.ts';
import { toneOf } from '../headline.ts';
import { terminalText } from '../hostile.ts';
import { describeInterval, type MetricRow, tierNames } from '../metric-rows.ts';
import { formatDifference, formatInterval, formatP, formatValue, noNumber } from '../numbers.ts';
import { type Paint, type Style, toneStyles } from './paint.ts';

type Column = { readonly name: string; readonly align: 'left' | 'right' };

/** A row's cells; `style` is for the last of them. */
type Row = Pick<MetricRow, 'tier'> & { readonly cells: readonly string[]; readonly style: Style | null };

const comparedColumns: readonly Column[] = [
  { name: 'metric', align: 'left' },
  { name: 'base', align: 'right' },
  { name: 'head', align: 'right' },
  { name: 'difference', align: 'right' },
  { name: '95% interval', align: 'right' },
  { name: 'p', align: 'right' },
  { name: 'verdict', align: 'left' },
];

const valueColumns: readonly Column[] = [
  { name: 'metric', align: 'left' },
  { name: 'value', align: 'right' },
  { name: '95% interval', align: 'right' },
  { name: 'n', align: 'right' },
  { name: 'missing', align: 'right' },
];

const GAP = '  ';

/** The metrics as aligned lines; one number a line where the terminal is too narrow for the table. */
export function metricsTable(
  metrics: readonly MetricRow[],
  paint: Paint,
  columns: number,
): readonly string[] {
  if (metrics.length === 0) return [];
  const compared = metrics.some((metric) => metric.comparison !== null);
  const header = compared ? comparedColumns : valueColumns;
  const rows = metrics.map(compared ? comparedRow : valueRow);
  const widths = header.map(({ name }, index) =>
    Math.max(displayWidth(name), ...rows.map(({ cells }) => displayWidth(cells[index] ?? ''))),
  );
  const total = widths.reduce((sum, width) => sum + width, GAP.length * (header.length - 1));
  return total <= columns ? aligned(header, rows, widths, paint) : stacked(header, rows, paint);
}

function aligned(
  header: readonly Column[],
  rows: readonly Row[],
  widths: readonly number[],
  paint: Paint,
): readonly string[] {
  const pad = (cell: string, index: number) => {
    const align = header[index]?.align ?? 'left';
    const isLineEnd = align === 'left' && index === header.length - 1;
    return isLineEnd ? cell : padToWidth(cell, widths[index] ?? 0, align);
  };
  const title = header.map(({ name }, index) => pad(name, index)).join(GAP);
  return [
    paint('dim', title),
    ...rows.flatMap((row, index) => [
      ...groupTitle(row, rows[index - 1], paint),
      paintLast({ ...row, cells: row.cells.map(pad) }, paint).join(GAP),
    ]),
  ];
}

function stacked(header: readonly Column[], rows: readonly Row[], paint: Paint): readonly string[] {
  const names = header.slice(1).map(({ name }) => name);
  const width = Math.max(...names.map(displayWidth));
  return rows.flatMap((row, index) => {
    const [metric = '', ...values] = paintLast(row, paint);
    return [
      ...groupTitle(row, rows[index - 1], paint),
      metric,
      ...values.map((value, at) => `${GAP}${padToWidth(names[at] ?? '', width, 'left')}${GAP}${value}`),
    ];
  });
}

/** A line above the first metric of each tier. */
function groupTitle({ tier }: Row, above: Row | undefined, paint: Paint): readonly string[] {
  return tier === null || tier === above?.tier ? [] : [paint('dim', `[${tierNames[tier].toLowerCase()}]`)];
}

function paintLast({ cells, style }: Row, paint: Paint): readonly string[] {
  const last = cells.at(-1);
  return style === null || last === undefined ? cells : [...cells.slice(0, -1), paint(style, last)];
}

function comparedRow(row: MetricRow): Row {
  const { tier, unit, head, base, comparison } = row;
  const cells = [
    nameOf(row),
    formatValue(comparison?.base ?? base?.mean ?? null, unit),
    formatValue(comparison ? comparison.head : head.mean, unit),
    formatDifference(comparison?.difference ?? null, unit),
    describeInterval(comparison, unit),
    formatP(comparison?.p ?? null),
    comparison?.verdict ?? noNumber,
  ];
  return { tier, cells, style: comparison && toneStyles[toneOf(comparison.verdict)] };
}

function valueRow(row: MetricRow): Row {
  const { tier, unit, head } = row;
  const cells = [
    nameOf(row),
    formatValue(head.mean, unit),
    formatInterval(head.interval, unit),
    String(head.n),
    String(head.missing),
  ];
  return { tier, cells, style: null };
}

/** An arrow marks what is better when it is less. */
function nameOf({ name, head }: MetricRow): string {
  return terminalText(name, 40) + (head.direction === 'lower' ? ' ↓' : '');
}
