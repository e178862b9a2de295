import pMap from 'p-map';
import type { FamilyMetric } from '../config/load.ts';
import type { Dataset, Example } from '../datasets/dataset.ts';
import { outsideError } from '../errors.ts';
import type { Model } from '../models/model.ts';
import { addCompletion, noUsage, type Usage } from '../models/usage.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { promptDigest } from '../prompts/version.ts';
import { type Measurement, measureExample } from './measure.ts';
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
  requireAnswers(prompt.id, results);
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
 * Asks for each example `repeats` times with at most `model.concurrency` requests at once. After the first fatal failure
 * nothing new is asked, and it is thrown once the requests under way have ended: their answers are paid for and must reach the store.
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
  let fatal: { error: unknown } | null = null;
  const measure = async ({ example, repeat }: (typeof jobs)[number]): Promise<Measurement | null> => {
    if (fatal) return null;
    try {
      signal?.throwIfAborted();
      return await measureExample(prompt, example, { model, metrics, repeat, ...(signal && { signal }) });
    } catch (error) {
      fatal ??= { error };
      return null;
    }
  };
  const results = await pMap(
    jobs,
    async (job) => {
      const measured = await measure(job);
      if (!measured) return [];
      const { result, completion } = measured;
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
      return [result];
    },
    { concurrency: model.concurrency },
  );
  throwIfFatal(fatal);
  return { results: results.flat(), usage, latencies };
}

/** Throws when not one example was answered: there is nothing to report, and the reason is outside. */
function requireAnswers(id: string, results: readonly ExampleResult[]): void {
  const [first] = results;
  if (!first || results.some(({ output }) => output !== null)) return;
  throw outsideError(
    `${id}: none of ${results.length} examples was answered; the first, ${first.example}: ${first.failure ?? ''}`,
    'Mend that and run the same command again',
  );
}

// A function of its own, because the compiler does not see that `measure` assigns.
function throwIfFatal(fatal: { error: unknown } | null): void {
  if (fatal) throw fatal.error;
}

/** Median and 95th percentile (nearest rank). */
function quantiles(values: readonly number[]): Scorecard['latencyMs'] {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  const [median, p95] = [rank(0.5), rank(0.95)];
  return median === undefined || p95 === undefined ? null : { median, p95 };
}
