import type { FamilyMetric } from '../config/load.ts';
import type { Counts, Metric } from '../metrics/metric.ts';
import { objectiveOf } from './objective.ts';
import type { ExampleResult } from './scorecard.ts';

type CountsByClass = Readonly<Record<string, Counts>>;

/** What one example, its repeats averaged, contributes to a metric. */
export type Sample = {
  readonly example: string;
  readonly cluster: string;
  readonly value: number;
  /** Of all its repeats; only for pooled metrics. */
  readonly counts: CountsByClass;
};

/** The examples with a value of the metric, in their order; examples that failed or where it does not apply are left out. */
export function metricSamples(metric: Metric, results: readonly ExampleResult[]): Sample[] {
  return samples(
    results,
    (result) => result.scores[metric.name]?.value ?? null,
    (result) => result.scores[metric.name]?.counts,
  );
}

/** The examples with an objective; one where a metric failed has none, as the others alone would be another measure. */
export function objectiveSamples(
  metrics: readonly FamilyMetric[],
  results: readonly ExampleResult[],
): Sample[] {
  return samples(
    results,
    (result) => (result.failure ? null : objectiveOf(metrics, result.scores)),
    () => undefined,
  );
}

/** Counts of several examples together, by class. */
export function mergeCounts(items: readonly CountsByClass[]): CountsByClass {
  // Classes may be a model's words, so that `constructor` and `__proto__` must be names like any other.
  const totals: Record<string, { hits: number; predicted: number; expected: number }> = Object.create(null);
  for (const item of items) {
    for (const name in item) {
      const counts = item[name];
      if (!counts) continue;
      let total = totals[name];
      if (!total) {
        total = { hits: 0, predicted: 0, expected: 0 };
        totals[name] = total;
      }
      total.hits += counts.hits;
      total.predicted += counts.predicted;
      total.expected += counts.expected;
    }
  }
  return totals;
}

/**
 * What a sample contributes to a pooled value, as four numbers for each of its classes: the place of the class among all, hits,
 * predicted and expected. Not a place for every class: a model may name a class of its own in each answer.
 */
export type CountsVector = Float64Array;

/**
 * A metric's `pool` over vectors of counts. Resampling calls it tens of thousands of times, for which adding numbers is several
 * times as fast as merging records.
 * @param all every sample that will be pooled: they decide the classes
 */
export function vectorPool(
  pool: NonNullable<Metric['pool']>,
  all: readonly Pick<Sample, 'counts'>[],
): {
  vectorOf(sample: Pick<Sample, 'counts'>): CountsVector;
  pool(vectors: readonly CountsVector[]): number;
} {
  const classes = [...new Set(all.flatMap(({ counts }) => Object.keys(counts)))];
  const places = new Map(classes.map((name, place) => [name, place]));
  const total = new Float64Array(3 * classes.length);
  const add = (index: number, count = 0) => {
    total[index] = (total[index] ?? 0) + count;
  };
  return {
    vectorOf: ({ counts }) =>
      Float64Array.from(
        Object.entries(counts).flatMap(([name, { hits, predicted, expected }]) => [
          places.get(name) ?? 0,
          hits,
          predicted,
          expected,
        ]),
      ),
    pool(vectors) {
      total.fill(0);
      for (const vector of vectors) {
        for (let at = 0; at < vector.length; at += 4) {
          const start = 3 * (vector[at] ?? 0);
          for (let count = 0; count < 3; count++) add(start + count, vector[at + 1 + count]);
        }
      }
      return pool(recordOf(classes, total));
    },
  };
}

/** Classes without a count are left out: they would count in a mean over classes. */
function recordOf(classes: readonly string[], total: Float64Array): CountsByClass {
  const record: Record<string, Counts> = Object.create(null);
  for (const [index, name] of classes.entries()) {
    const [hits = 0, predicted = 0, expected = 0] = total.subarray(3 * index, 3 * index + 3);
    if (hits + predicted + expected > 0) record[name] = { hits, predicted, expected };
  }
  return record;
}

/** What a metric without counts contributes; one object for all, as runs may have a hundred thousand samples. */
const UNCOUNTED: CountsByClass = Object.freeze({});

function samples(
  results: readonly ExampleResult[],
  scoreOf: (result: ExampleResult) => number | null,
  countsOf: (result: ExampleResult) => CountsByClass | undefined,
): Sample[] {
  const found: Sample[] = [];
  if (isAskedOnce(results)) {
    // Without a group for each example: there may be a hundred thousand.
    for (const result of results) {
      const value = scoreOf(result);
      if (value === null) continue;
      const { example, cluster } = result;
      found.push({ example, cluster, value, counts: countsOf(result) ?? UNCOUNTED });
    }
    return found;
  }
  for (const repeats of Map.groupBy(results, (result) => result.example).values()) {
    const values = repeats.map(scoreOf).filter((value) => value !== null);
    const [first] = repeats;
    if (!first || values.length === 0) continue;
    const value = values.reduce((sum, each) => sum + each, 0) / values.length;
    const counts = mergeCounts(repeats.map((each) => countsOf(each) ?? UNCOUNTED));
    found.push({ example: first.example, cluster: first.cluster, value, counts });
  }
  return found;
}

/** How many examples the results are of. */
export function countExamples(results: readonly ExampleResult[]): number {
  return isAskedOnce(results) ? results.length : new Set(results.map(({ example }) => example)).size;
}

function isAskedOnce(results: readonly ExampleResult[]): boolean {
  return results.every(({ repeat }) => repeat === 0);
}
