import type { MetricSummary } from '../../src/evaluation/scorecard.ts';
import type { OptimizationResult } from '../../src/optimization/optimize.ts';

export type Strategy = 'search' | 'random';

export const seedHead = [
  '| strategy | seed | search calls | candidates | unoptimized | optimized | 95% interval |',
  '| --- | --- | --- | --- | --- | --- | --- |',
].join('\n');

/** One run of a strategy. */
export function seedRow(
  strategy: Strategy,
  seed: number,
  { search, scorecards }: OptimizationResult,
  metric: string,
): string {
  const base = scorecards?.base.metrics[metric];
  const head = scorecards?.head.metrics[metric];
  const cells = [
    strategy,
    seed,
    search.calls,
    search.candidates.length,
    shown(base),
    shown(head),
    interval(head),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** What a strategy comes to over its seeds. */
export function meanRow(strategy: Strategy, means: readonly number[]): string {
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
  return `| **${strategy}, mean of ${means.length} seeds** | | | | | **${mean.toFixed(3)}** | |`;
}

function shown(summary: MetricSummary | undefined): string {
  return summary?.mean?.toFixed(3) ?? 'none';
}

function interval(summary: MetricSummary | undefined): string {
  return summary?.interval?.map((bound) => bound.toFixed(3)).join(' to ') ?? '';
}
