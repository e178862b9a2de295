import type { FamilyMetric } from '../config/load.ts';
import type { Metric } from '../metrics/metric.ts';
import { comparePaired, comparePooled, type PairedComparison } from '../statistics/paired-comparison.ts';
import { createRandom } from '../statistics/random.ts';
import { judgeGates } from './gates.ts';
import { mergeCounts, metricSamples, objectiveSamples, type Sample } from './samples.ts';
import type { Comparison, MetricComparison, Scorecard, Verdict } from './scorecard.ts';
import { meanOf, pointOf } from './summarise.ts';

/** Fewer pairs than this tell nothing worth a verdict. */
const leastPairs = 10;
/** A base that failed on more of its examples than this is no measure for the head. */
const tolerableFailures = 0.2;
const alpha = 0.05;

/** Compares two scorecards example by example, on the examples both have a value for. Differences are head - base. */
export function compareScorecards(
  base: Scorecard,
  head: Scorecard,
  metrics: readonly FamilyMetric[],
): Comparison {
  const unreliable = base.failures.length > tolerableFailures * Math.max(1, base.results.length);
  const compared = metrics.map(({ metric }) => {
    const pairs = pairUp(metricSamples(metric, base.results), metricSamples(metric, head.results));
    return [metric.name, compareMetric(metric, pairs, unreliable)] as const;
  });
  const objectivePairs = pairUp(
    objectiveSamples(metrics, base.results),
    objectiveSamples(metrics, head.results),
  );
  const comparison = Object.fromEntries(compared);
  return {
    base: base.prompt.version,
    metrics: comparison,
    objective: compareMeans('objective', 'higher', 'graded', objectivePairs, unreliable),
    gate: judgeGates(metrics, head.metrics, comparison),
  };
}

type Pairs = readonly { readonly base: Sample; readonly head: Sample; readonly cluster: string }[];

function pairUp(base: readonly Sample[], head: readonly Sample[]): Pairs {
  const byExample = new Map(base.map((sample) => [sample.example, sample]));
  return head.flatMap((sample) => {
    const partner = byExample.get(sample.example);
    return partner ? [{ base: partner, head: sample, cluster: sample.cluster }] : [];
  });
}

function compareMetric(metric: Metric, pairs: Pairs, unreliable: boolean): MetricComparison {
  const { pool } = metric;
  if (!pool) return compareMeans(metric.name, metric.direction, metric.scale, pairs, unreliable);
  const contributions = pairs.map(({ base, head, cluster }) => ({
    base: base.counts,
    head: head.counts,
    cluster,
  }));
  const paired = comparePooled(contributions, (items) => pool(mergeCounts(items)), {
    random: createRandom(`compare ${metric.name}`),
  });
  return {
    ...withVerdict(paired, metric.direction, unreliable),
    base: pointOf(
      metric,
      pairs.map(({ base }) => base),
    ),
    head: pointOf(
      metric,
      pairs.map(({ head }) => head),
    ),
  };
}

function compareMeans(
  name: string,
  direction: Metric['direction'],
  scale: Metric['scale'],
  pairs: Pairs,
  unreliable: boolean,
): MetricComparison {
  const values = pairs.map(({ base, head, cluster }) => ({ base: base.value, head: head.value, cluster }));
  const paired = comparePaired(values, { scale, random: createRandom(`compare ${name}`) });
  return {
    ...withVerdict(paired, direction, unreliable),
    base: meanOf(pairs.map(({ base }) => base)),
    head: meanOf(pairs.map(({ head }) => head)),
  };
}

function withVerdict(paired: PairedComparison, direction: Metric['direction'], unreliable: boolean) {
  const { difference, interval, p, n } = paired;
  return { difference, interval, p, n, verdict: verdictOf(paired, direction, unreliable) };
}

/** Both the interval and the test must exclude "no difference". */
function verdictOf(paired: PairedComparison, direction: Metric['direction'], unreliable: boolean): Verdict {
  const { difference, interval, p, n } = paired;
  if (unreliable) return 'unreliable baseline';
  if (n < leastPairs || difference === null || interval === null || p === null) return 'insufficient data';
  const excludesZero = interval[0] > 0 || interval[1] < 0;
  if (p > alpha || !excludesZero) return 'inconclusive';
  return difference > 0 === (direction === 'higher') ? 'improvement' : 'regression';
}
