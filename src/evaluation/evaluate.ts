import pMap from 'p-map';
import type { FamilyMetric } from '../config/load.ts';
import type { Dataset, Example } from '../datasets/dataset.ts';
import type { Model } from '../models/model.ts';
import { addCompletion, noUsage, type Usage } from '../models/usage.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { promptDigest } from '../prompts/version.ts';
import { measureExample } from './measure.ts';
import type { OnProgress } from './progress.ts';
import type { ExampleResult, Scorecard } from './scorecard.ts';
import { summarise, summariseObjective } from './summarise.ts';

export type EvaluationOptions = {
  readonly model: Model;
  readonly metrics: readonly FamilyMetric[];
  /** How often each example is asked; 1 at least. */
  readonly repeats?: number;
  /** What progress calls this part of the run; the prompt's id by default. */
  readonly label?: string;
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
};

/** What was measured on some examples, before it is summarised. */
export type Measurements = {
  readonly results: readonly ExampleResult[];
  readonly usage: Usage;
  /** Of each answer, milliseconds. */
  readonly latencies: readonly number[];
};

/** Measures a prompt on a dataset. Results stand in the dataset's order whatever the concurrency. */
export async function evaluate(
  prompt: Prompt,
  dataset: Dataset,
  options: EvaluationOptions,
): Promise<Scorecard> {
  const { results, usage, latencies } = await measureAll(prompt, dataset.examples, options);
  return {
    prompt: { id: prompt.id, version: prompt.version, model: prompt.model, digest: promptDigest(prompt) },
    dataset: { path: dataset.path, digest: dataset.digest, split: dataset.split, n: dataset.examples.length },
    metrics: Object.fromEntries(
      options.metrics.map(({ metric }) => [metric.name, summarise(metric, results)]),
    ),
    objective: summariseObjective(options.metrics, results),
    results,
    usage,
    failures: results.flatMap(({ example, failure }) => (failure ? [{ example, error: failure }] : [])),
    latencyMs: quantiles(latencies),
  };
}

/**
 * Asks for each example `repeats` times with at most `model.concurrency` requests at once. The first fatal failure ends
 * it: answers received so far are in the store.
 */
export async function measureAll(
  prompt: Prompt,
  examples: readonly Example[],
  options: EvaluationOptions,
): Promise<Measurements> {
  const { model, metrics, repeats = 1, label = prompt.id, onProgress, signal } = options;
  const jobs = Array.from({ length: repeats }, (_, repeat) =>
    examples.map((example) => ({ example, repeat })),
  ).flat();
  let usage = noUsage;
  const latencies: number[] = [];
  let done = 0;
  let failed = 0;
  const results = await pMap(
    jobs,
    async ({ example, repeat }) => {
      const { result, completion } = await measureExample(prompt, example, {
        model,
        metrics,
        repeat,
        ...(signal && { signal }),
      });
      if (completion) {
        usage = addCompletion(usage, completion);
        latencies.push(completion.latencyMs);
      }
      done += 1;
      if (result.failure) failed += 1;
      onProgress?.({
        label,
        done,
        total: jobs.length,
        cached: usage.cached,
        failed,
        usd: usage.usd,
      });
      return result;
    },
    { concurrency: model.concurrency, ...(signal && { signal }) },
  );
  return { results, usage, latencies };
}

/** Median and 95th percentile (nearest rank). */
function quantiles(values: readonly number[]): Scorecard['latencyMs'] {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  const [median, p95] = [rank(0.5), rank(0.95)];
  return median === undefined || p95 === undefined ? null : { median, p95 };
}
