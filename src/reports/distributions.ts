import { isCost, type MetricRow, ownOf } from './metric-rows.ts';
import type { PromptReport } from './run-report.ts';

/** What each answer of a run took, by one metric. */
export type Distribution = {
  readonly name: string;
  readonly unit: MetricRow['unit'];
  /** One for each answer, ascending; not empty. */
  readonly values: readonly number[];
  readonly median: number;
  readonly p95: number;
};

/**
 * The distributions of time, tokens and money, where each answer's value is in the report: of a large run only the worst
 * examples are, and those say nothing of the rest.
 */
export function distributionsOf(
  rows: readonly MetricRow[],
  report: Pick<PromptReport, 'examples' | 'dataset' | 'usage'>,
): readonly Distribution[] {
  if (!holdsAll(report)) return [];
  const { examples } = report;
  return rows.filter(isCost).flatMap(({ name, unit }) => {
    const values = examples.flatMap((example) => ownOf(example.values, name) ?? []).sort((a, b) => a - b);
    const [median, p95] = [nearestRank(values, 0.5), nearestRank(values, 0.95)];
    return median === undefined || p95 === undefined ? [] : [{ name, unit, values, median, p95 }];
  });
}

/** Whether a report holds every answer of its run, in which each example may have been asked several times. */
export function holdsAll({
  examples,
  dataset,
  usage,
}: Pick<PromptReport, 'examples' | 'dataset' | 'usage'>): boolean {
  return examples.length >= Math.max(dataset.n, usage.calls);
}

function nearestRank(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
