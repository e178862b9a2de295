import type { OptimizationResult } from '../../src/optimization/optimize.ts';
import {
  formatCount,
  formatDifference,
  formatDifferenceInterval,
  formatP,
  formatValue,
  noNumber,
} from '../../src/reports/numbers.ts';
import { type FittingRows, longestRow } from './rows.ts';

/** A prompt of `bench/public/` and what it is measured by. */
export type Measured = { readonly id: string; readonly metric: string };

const columns = [
  'family',
  'data',
  'metric',
  'test rows',
  'calls',
  'unoptimized',
  'optimized',
  'difference (95% interval)',
  'p',
];

export const tableHead = [columns, columns.map(() => '---')].map(line).join('\n');

/** A prompt and its best version on the test split; `calls` are those of the search and of both measurements. */
export function optimizedRow(
  { id, metric }: Measured,
  { search, scorecards, comparison, accepted }: OptimizationResult,
  testRows: number,
): string {
  const compared = comparison?.metrics[metric];
  const unit = 'ratio';
  const change = compared
    ? `${formatDifference(compared.difference, unit)} (${formatDifferenceInterval(compared.interval, unit)})`
    : noNumber;
  return line([
    ...id.split('/'),
    metric,
    formatCount(testRows),
    formatCount(search.calls + (scorecards ? 2 * testRows : 0)),
    formatValue(scorecards?.base.metrics[metric]?.mean ?? null, unit),
    formatValue(scorecards?.head.metrics[metric]?.mean ?? null, unit),
    accepted ? change : `${change}: no improvement`,
    formatP(compared?.p ?? null),
  ]);
}

/** A family whose rows are too long for the model. */
export function leftOutRow({ id, metric }: Measured): string {
  return line([...id.split('/'), metric, '0', '0', 'does not fit', ...columns.slice(6).map(() => noNumber)]);
}

const rowColumns = [
  'data',
  'tokens of a row: least, median, most',
  `rows of at most ${longestRow} tokens: train, dev, test`,
  'taken',
];

export const rowHead = [rowColumns, rowColumns.map(() => '---')].map(line).join('\n');

/** How long the rows of a family are, and how many of them are taken. */
export function rowLine({ id }: Measured, { splits, tokens, fitting }: FittingRows): string {
  return line([
    id.slice(id.indexOf('/') + 1),
    [tokens.least, tokens.median, tokens.most].map(formatCount).join(' / '),
    [fitting.train, fitting.dev, fitting.test].join(' / '),
    splits
      ? [splits.train, splits.dev, splits.test].map(({ examples }) => examples.length).join(' / ')
      : 'left out',
  ]);
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
