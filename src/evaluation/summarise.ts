import type { FamilyMetric } from '../config/load.ts';
import type { Metric } from '../metrics/metric.ts';
import { bcaClusterMeanInterval, bcaInterval } from '../statistics/bootstrap.ts';
import { clusterTotals, groupByCluster } from '../statistics/clusters.ts';
import { createRandom } from '../statistics/random.ts';
import { wilsonInterval } from '../statistics/wilson.ts';
import {
  countExamples,
  mergeCounts,
  metricSamples,
  objectiveSamples,
  type Sample,
  vectorPool,
} from './samples.ts';
import type { ExampleResult, Interval, MetricSummary } from './scorecard.ts';

/** The dataset's value of a metric with its 95% interval. Deterministic: the bootstrap is seeded by the metric's name. */
export function summarise(metric: Metric, results: readonly ExampleResult[]): MetricSummary {
  const samples = metricSamples(metric, results);
  return {
    mean: pointOf(metric, samples),
    interval: intervalOf(metric, samples),
    n: samples.length,
    missing: countExamples(results) - samples.length,
    unit: metric.unit,
    direction: metric.direction,
  };
}

/** The objective with its 95% interval. */
export function summariseObjective(
  metrics: readonly FamilyMetric[],
  results: readonly ExampleResult[],
): MetricSummary {
  const samples = objectiveSamples(metrics, results);
  return {
    mean: meanOf(samples),
    interval: meanInterval('objective', 'ratio', samples),
    n: samples.length,
    missing: countExamples(results) - samples.length,
    unit: 'ratio',
    direction: 'higher',
  };
}

/** The value of a metric over samples: pooled where the metric pools, else the mean; null without samples. */
export function pointOf(metric: Metric, samples: readonly Sample[]): number | null {
  if (!metric.pool || samples.length === 0) return meanOf(samples);
  const value = metric.pool(mergeCounts(samples.map(({ counts }) => counts)));
  return Number.isNaN(value) ? null : value;
}

/** The mean of the samples' values; null without samples. */
export function meanOf(samples: readonly Sample[]): number | null {
  return samples.length === 0 ? null : samples.reduce((sum, { value }) => sum + value, 0) / samples.length;
}

function intervalOf(metric: Metric, samples: readonly Sample[]): Interval | null {
  const { pool } = metric;
  if (pool) {
    const vectors = vectorPool(pool, samples);
    const clusters = groupByCluster(samples).map((members) => members.map(vectors.vectorOf));
    const interval = bcaInterval(clusters, (chosen) => vectors.pool(chosen.flat()), {
      random: createRandom(metric.name),
    });
    return inDoubt(interval, metric.unit, clusters.length);
  }
  if (
    metric.scale === 'binary' &&
    areAlone(samples) &&
    samples.every(({ value }) => value === 0 || value === 1)
  ) {
    return wilsonInterval(samples.filter(({ value }) => value === 1).length, samples.length);
  }
  return meanInterval(metric.name, metric.unit, samples);
}

function areAlone(samples: readonly Sample[]): boolean {
  const clusters = new Set<string>();
  for (const { cluster } of samples) clusters.add(cluster);
  return clusters.size === samples.length;
}

function meanInterval(name: string, unit: Metric['unit'], samples: readonly Sample[]): Interval | null {
  const clusters = clusterTotals(samples);
  return inDoubt(bcaClusterMeanInterval(clusters, { random: createRandom(name) }), unit, clusters.length);
}

/**
 * The bootstrap of equal values has no width, which a few rows do not earn: for shares it then gives way to Wilson's interval, each
 * cluster a trial, of which the share succeeded.
 */
function inDoubt(interval: Interval | null, unit: Metric['unit'], clusters: number): Interval | null {
  if (interval === null || unit !== 'ratio') return interval;
  const [low, high] = [Math.max(0, interval[0]), Math.min(1, interval[1])];
  return low === high ? wilsonInterval(Math.min(low * clusters, clusters), clusters) : [low, high];
}
