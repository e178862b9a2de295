import type { RolloutPlan, WatchedMetric } from '../../rollout/plan.ts';
import { describeMean, odds } from '../../rollout/reasons.ts';
import type { EvidenceSummary, MetricSummary } from '../../rollout/state.ts';
import { relativeChange } from '../../statistics/log-scale.ts';
import { markdownText } from '../hostile.ts';
import { table } from '../markdown/blocks.ts';
import {
  formatChange,
  formatCount,
  formatDifference,
  formatDifferenceInterval,
  noNumber,
  unbroken,
} from '../numbers.ts';
import { drawIntervals } from './interval-drawing.ts';

/** The versions that are compared. */
export type Compared = { readonly canary: string; readonly stable: string };

/** What is known of each metric, in numbers and drawn, and what the evidence of harm and of its absence is measured by. */
export function evidenceBlocks(
  { metrics }: EvidenceSummary,
  { canary, stable }: Compared,
  plan: RolloutPlan,
): readonly string[] {
  const columns = [
    `${markdownText(canary, 60)} (n)`,
    `${markdownText(stable, 60)} (n)`,
    'difference',
    '95% at all times',
    'evidence of harm',
    'evidence of no harm',
  ].map((name) => ({ name, numeric: true }));
  const rows = Object.entries(metrics).map(([name, summary]) =>
    row(name, summary, plan.metrics.find((metric) => metric.name === name)?.scale ?? null),
  );
  return [table([{ name: 'metric' }, ...columns], rows), ...drawIntervals(metrics), meaningOf(plan)];
}

function row(name: string, summary: MetricSummary, scale: WatchedMetric['scale']): readonly string[] {
  const { counted, mean, harm, nonInferiority } = summary;
  const side = (arm: 'canary' | 'control') => {
    const value = mean === null ? noNumber : describeMean({ name, scale }, mean[arm]);
    return unbroken(`${value} (${formatCount(counted[arm])})`);
  };
  return [
    markdownText(name, 80),
    side('canary'),
    side('control'),
    ...differenceOf(summary, scale),
    odds(harm),
    odds(nonInferiority),
  ];
}

/** The difference and its interval: points of a share, a relative change of an amount. */
function differenceOf({ difference }: MetricSummary, scale: WatchedMetric['scale']): readonly string[] {
  if (difference === null) return [noNumber, noNumber];
  const { mean, half } = difference;
  if (scale === null) {
    const interval = formatDifferenceInterval([mean - half, mean + half], 'ratio');
    return [unbroken(formatDifference(mean, 'ratio')), interval];
  }
  const change = (value: number) => relativeChange(value, scale);
  // The better a value, the less the amount.
  const interval = formatDifferenceInterval([change(mean + half), change(mean - half)], 'ratio');
  return [unbroken(formatChange(change(mean))), `${interval} %`];
}

function meaningOf({ thresholds, metrics }: RolloutPlan): string {
  const [hold, revert, promote] = [thresholds.hold, thresholds.revert, thresholds.promote].map((threshold) =>
    odds(Math.log(threshold)),
  );
  const amounts = metrics.filter(({ scale }) => scale !== null).map(({ name }) => markdownText(name, 80));
  return [
    'n is how many were counted. A line that crosses the middle shows no difference yet.',
    `Evidence of harm stops the rollout from ${hold} on, and takes the version back from ${revert} on. The next step needs ${promote} for every metric that there is no harm: no drop of \`nonInferiority\` or more.`,
    ...(amounts.length > 0 ? [`Of ${amounts.join(' and ')} less is better; means are geometric.`] : []),
  ].join(' ');
}
