import type { FamilyMetric } from '../config/load.ts';
import type { Metric } from '../metrics/metric.ts';
import { holm } from '../statistics/multiplicity.ts';
import { comparePaired, comparePooled, type PairedComparison } from '../statistics/paired-comparison.ts';
import { detectableDifference } from '../statistics/power.ts';
import { createRandom } from '../statistics/random.ts';
import { usualConfidence } from './confidence.ts';
import { allowedChange, hasChangeGate, judgeGates } from './gates.ts';
import { isUnreliable } from './reliability.ts';
import { metricSamples, objectiveSamples, type Sample, vectorPool } from './samples.ts';
import type { Comparison, MetricComparison, Scorecard } from './scorecard.ts';
import { compareSlices } from './slices.ts';
import { meanOf, pointOf } from './summarise.ts';
import { verdictOf } from './verdict.ts';

/** Two samples of one example. */
export type SamplePair = { readonly base: Sample; readonly head: Sample; readonly cluster: string };

/** What a comparison says before it is judged. */
export type Unjudged = Omit<MetricComparison, 'verdict' | 'adjustedP'>;

/**
 * Compares two scorecards example by example, on the examples both have a value for. Differences are head - base.
 *
 * @param confidence of the objective's interval and test, in (0, 1); of the metrics it is 95%
 */
export function compareScorecards(
  base: Scorecard,
  head: Scorecard,
  metrics: readonly FamilyMetric[],
  { confidence = usualConfidence }: { confidence?: number } = {},
): Comparison {
  const unreliable = isUnreliable(base);
  const unjudged = metrics.map(({ metric, gate }) => ({
    metric,
    gate,
    compared: compareMetric(
      metric,
      gate,
      pairUp(metricSamples(metric, base.results), metricSamples(metric, head.results)),
    ),
  }));
  const gated = unjudged.filter(({ gate, compared }) => hasChangeGate(gate) && compared.p !== null);
  const adjusted = holm(gated.map(({ compared }) => compared.p ?? 1));
  const comparison = Object.fromEntries(
    unjudged.map((each) => {
      const position = gated.indexOf(each);
      const adjustedP = position < 0 ? each.compared.p : (adjusted[position] ?? null);
      return [
        each.metric.name,
        judged(each.compared, adjustedP, { direction: each.metric.direction, unreliable }),
      ];
    }),
  );
  const objectivePairs = pairUp(
    objectiveSamples(metrics, base.results),
    objectiveSamples(metrics, head.results),
  );
  const objective = compareObjective('objective', objectivePairs, confidence);
  const direction = 'higher';
  return {
    base: base.prompt.version,
    metrics: comparison,
    objective: judged(objective, objective.p, { direction, unreliable, alpha: 1 - confidence }),
    slices: compareSlices(objectivePairs, tagsOf(head), (tag, pairs) =>
      compareObjective(`slice ${tag}`, pairs, usualConfidence),
    ),
    gate: judgeGates(metrics, head, comparison),
  };
}

/** The pairs of examples that stand in both lists, in the order of the second. */
export function pairUp(base: readonly Sample[], head: readonly Sample[]): SamplePair[] {
  const byExample = new Map(base.map((sample) => [sample.example, sample]));
  return head.flatMap((sample) => {
    const partner = byExample.get(sample.example);
    return partner ? [{ base: partner, head: sample, cluster: sample.cluster }] : [];
  });
}

function tagsOf(card: Scorecard): ReadonlyMap<string, readonly string[]> {
  return new Map(card.results.map(({ example, tags }) => [example, tags]));
}

function compareMetric(metric: Metric, gate: FamilyMetric['gate'], pairs: readonly SamplePair[]): Unjudged {
  const bases = pairs.map(({ base }) => base);
  const heads = pairs.map(({ head }) => head);
  const base = pointOf(metric, bases);
  const paired = metric.pool
    ? comparePools(metric, metric.pool, pairs)
    : compareMeans(metric.name, metric.scale, pairs);
  return {
    ...described(paired, metric.unit),
    base,
    head: pointOf(metric, heads),
    margin: allowedChange(metric.direction, gate, base),
  };
}

/** The objective on pairs, by the paired test for means. `name` seeds its random draws; `confidence` is the interval's, in (0, 1). */
export function compareObjective(name: string, pairs: readonly SamplePair[], confidence: number): Unjudged {
  return {
    ...described(compareMeans(name, 'graded', pairs, confidence), 'ratio', confidence),
    ...(confidence !== usualConfidence && { confidence }),
    base: meanOf(pairs.map(({ base }) => base)),
    head: meanOf(pairs.map(({ head }) => head)),
    margin: null,
  };
}

function comparePools(
  metric: Metric,
  pool: NonNullable<Metric['pool']>,
  pairs: readonly SamplePair[],
): PairedComparison {
  const vectors = vectorPool(
    pool,
    pairs.flatMap(({ base, head }) => [base, head]),
  );
  const contributions = pairs.map(({ base, head, cluster }) => ({
    base: vectors.vectorOf(base),
    head: vectors.vectorOf(head),
    cluster,
  }));
  return comparePooled(contributions, vectors.pool, { random: createRandom(`compare ${metric.name}`) });
}

function compareMeans(
  name: string,
  scale: Metric['scale'],
  pairs: readonly SamplePair[],
  confidence = usualConfidence,
): PairedComparison {
  const values = pairs.map(({ base, head, cluster }) => ({ base: base.value, head: head.value, cluster }));
  return comparePaired(values, { scale, random: createRandom(`compare ${name}`), confidence });
}

function described(
  { difference, interval, p, n, clusters, standardError }: PairedComparison,
  unit: Metric['unit'],
  confidence = usualConfidence,
): Omit<Unjudged, 'base' | 'head' | 'margin'> {
  const alpha = 1 - confidence;
  const same = interval !== null && interval[0] === 0 && interval[1] === 0;
  const detectable =
    standardError === null || standardError === 0 ? null : detectableDifference(standardError, { alpha });
  return {
    difference,
    interval: same && unit === 'ratio' ? rareDifferences(clusters, alpha) : interval,
    p,
    n,
    detectable,
  };
}

/**
 * Where no pair differs, the bootstrap has no width, which a few rows do not earn: the interval is then that of a change of 1 in
 * either direction on the largest share of clusters that none of `clusters` would show with a chance of alpha / 2 (Clopper and
 * Pearson, Biometrika 26, 1934).
 */
function rareDifferences(clusters: number, alpha: number): [number, number] {
  const share = 1 - (alpha / 2) ** (1 / clusters);
  return [-share, share];
}

function judged(
  compared: Unjudged,
  adjustedP: number | null,
  options: { direction: Metric['direction']; unreliable: boolean; alpha?: number },
): MetricComparison {
  return { ...compared, adjustedP, verdict: verdictOf(compared, adjustedP, options) };
}
