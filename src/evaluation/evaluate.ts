import type { FamilyMetric } from '../config/load.ts';
import type { Dataset, ExampleSource } from '../datasets/dataset.ts';
import { outsideError } from '../errors.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { promptDigest } from '../prompts/version.ts';
import { detailKeeper } from './detail.ts';
import type { Measurement } from './measure.ts';
import { createTally, type Measurements, type MeasuringOptions, measureEach } from './measure-all.ts';
import type { ExampleResult, MetricTier, Scorecard } from './scorecard.ts';
import { summarise, summariseObjective } from './summarise.ts';

/** Measures a prompt on a dataset held in memory. Results stand in the dataset's order whatever the concurrency. */
export async function evaluate(
  prompt: Prompt,
  dataset: Dataset,
  options: MeasuringOptions,
): Promise<Scorecard> {
  const { examples } = dataset;
  const tally = createTally();
  await measureEach(prompt, { n: examples.length, examples: () => examples }, options, tally.add);
  const card = scorecardOf(prompt, { ...dataset, n: examples.length }, options.metrics, tally.measurements());
  requireAnswers(card);
  return card;
}

/**
 * Measures a prompt on a dataset of any length. `onMeasured` gets each measurement in the dataset's order, with its output; the
 * scorecard of a large run holds scores alone. `detailed` are the results with their outputs and feedback: all, or the worst of a
 * large run. It may be without any answer: see {@link requireAnswers}.
 */
export async function evaluateStream(
  prompt: Prompt,
  source: ExampleSource,
  options: MeasuringOptions,
  onMeasured: (measurement: Measurement) => void,
): Promise<{ card: Scorecard; detailed: readonly ExampleResult[] }> {
  const keeper = detailKeeper(options.metrics, source.n * (options.repeats ?? 1));
  const tally = createTally(keeper.keep);
  await measureEach(prompt, source, options, (measurement) => {
    tally.add(measurement);
    onMeasured(measurement);
  });
  const card = scorecardOf(prompt, source, options.metrics, tally.measurements());
  return { card, detailed: keeper.detailed() };
}

/** What measurements add up to. */
export function scorecardOf(
  prompt: Pick<Prompt, 'id' | 'version' | 'model'> & Parameters<typeof promptDigest>[0],
  { path, digest, split, n, tags }: Scorecard['dataset'],
  metrics: readonly FamilyMetric[],
  { results, usage, metricUsage, latencies }: Measurements,
): Scorecard {
  return {
    prompt: { id: prompt.id, version: prompt.version, model: prompt.model, digest: promptDigest(prompt) },
    dataset: { path, digest, split, n, ...(tags && { tags }) },
    metrics: Object.fromEntries(
      metrics.map((each) => [each.metric.name, { ...summarise(each.metric, results), tier: tierOf(each) }]),
    ),
    objective: summariseObjective(metrics, results),
    results,
    usage,
    metricUsage,
    failures: results.flatMap(({ example, failure }) => (failure ? [{ example, error: failure }] : [])),
    latencyMs: quantiles(latencies),
  };
}

function tierOf({ weight, gate }: FamilyMetric): MetricTier {
  if (Object.values(gate).some((limit) => limit !== undefined)) return 'gate';
  return weight > 0 ? 'objective' : 'report';
}

/** Throws when not one example was answered: there is nothing to report, and the reason is outside. */
export function requireAnswers({ prompt, results, latencyMs }: Scorecard): void {
  const [first]: readonly (ExampleResult | undefined)[] = results;
  if (!first || latencyMs !== null) return;
  throw outsideError(
    `${prompt.id}: none of ${results.length} examples was answered; the first, ${first.example}: ${first.failure ?? ''}`,
    'Mend that and run the same command again',
  );
}

/** Median and 95th percentile (nearest rank). */
function quantiles(values: readonly number[]): Scorecard['latencyMs'] {
  const sorted = Float64Array.from(values).sort();
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  const [median, p95] = [rank(0.5), rank(0.95)];
  return median === undefined || p95 === undefined ? null : { median, p95 };
}
