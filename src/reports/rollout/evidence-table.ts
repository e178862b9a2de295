import type { RolloutPlan } from '../../rollout/plan.ts';
import { odds } from '../../rollout/reasons.ts';
import type { EvidenceSummary, MetricSummary } from '../../rollout/state.ts';
import { markdownText } from '../hostile.ts';
import { table } from '../markdown/blocks.ts';
import { formatCount, formatDifference, formatDifferenceInterval, formatValue } from '../numbers.ts';

/** What is known of each metric, and what the evidence of harm and of its absence is measured by. */
export function evidenceTable({ metrics }: EvidenceSummary, { thresholds }: RolloutPlan): readonly string[] {
  const columns = [
    'canary',
    'control',
    'difference',
    '95% at all times',
    'counted (canary, control)',
    'harm',
    'not inferior',
  ].map((name) => ({ name, numeric: true }));
  return [
    table(
      [{ name: 'metric' }, ...columns],
      Object.entries(metrics).map(([name, summary]) => row(name, summary)),
    ),
    `Evidence of harm holds from ${odds(Math.log(thresholds.hold))} and reverts from ${odds(Math.log(thresholds.revert))}; the next step needs ${odds(Math.log(thresholds.promote))} for every metric that it is not inferior. Values are in [0, 1] after scaling, higher is better.`,
  ];
}

function row(name: string, summary: MetricSummary): readonly string[] {
  const { counted, mean, difference, harm, nonInferiority } = summary;
  const interval =
    difference && ([difference.mean - difference.half, difference.mean + difference.half] as const);
  return [
    markdownText(name, 80),
    formatValue(mean?.canary ?? null, 'ratio'),
    formatValue(mean?.control ?? null, 'ratio'),
    formatDifference(difference?.mean ?? null, 'ratio'),
    formatDifferenceInterval(interval, 'ratio'),
    `${formatCount(counted.canary)}, ${formatCount(counted.control)}`,
    odds(harm),
    odds(nonInferiority),
  ];
}
