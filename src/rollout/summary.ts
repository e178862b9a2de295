import { meanAtAllTimes } from '../statistics/confidence-sequence.ts';
import { logEvidence } from '../statistics/e-process.ts';
import { sampleRatioLogEvidence } from '../statistics/sample-ratio.ts';
import { rateOf } from '../statistics/two-proportions.ts';
import { evidenceOn } from './evidence.ts';
import type { RolloutPlan } from './plan.ts';
import type { Canary, EvidenceSummary, MetricEvidence, MetricSummary } from './state.ts';

/** Shown intervals hold at all times at once with this chance, and are tightest around this many blocks. */
const INTERVAL = { alpha: 0.05, tightestAt: 500 };

/** The evidence on a canary in the numbers that decisions and people use. */
export function summarise({ evidence, percent }: Canary, plan: RolloutPlan): EvidenceSummary {
  const { control, canary } = evidence.arrivals;
  return {
    sampleRatio: control + canary === 0 ? null : sampleRatioLogEvidence(canary, control, percent / 100),
    metrics: Object.fromEntries(
      plan.metrics.map((metric) => [metric.name, summariseMetric(evidenceOn(evidence, metric))]),
    ),
  };
}

function summariseMetric(evidence: MetricEvidence): MetricSummary {
  if (evidence.from === 'counters') {
    const { seen, harm, nonInferiority } = evidence;
    const [control, canary] = [rateOf(seen.control), rateOf(seen.canary)];
    return {
      counted: { control: seen.control.total, canary: seen.canary.total },
      mean: control === null || canary === null ? null : { control, canary },
      difference: null,
      harm,
      nonInferiority,
    };
  }
  const { counted, blockSums, difference, harm, nonInferiority } = evidence;
  const blocks = harm.bets;
  return {
    counted,
    mean: blocks === 0 ? null : { control: blockSums.control / blocks, canary: blockSums.canary / blocks },
    difference: meanAtAllTimes(difference, INTERVAL.alpha, INTERVAL.tightestAt),
    harm: logEvidence(harm),
    nonInferiority: logEvidence(nonInferiority),
  };
}
