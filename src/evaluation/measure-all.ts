import { pMapIterable } from 'p-map';
import type { FamilyMetric } from '../config/load.ts';
import type { Example } from '../datasets/dataset.ts';
import type { Model } from '../models/model.ts';
import { addCompletion, addUsage, noUsage, type Usage } from '../models/usage.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { type Measurement, measureExample } from './measure.ts';
import type { OnProgress } from './progress.ts';
import type { ExampleResult } from './scorecard.ts';

export type MeasuringOptions = {
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
  /** What the metrics asked themselves. */
  readonly metricUsage: Usage;
  /** Of each answer, milliseconds. */
  readonly latencies: readonly number[];
};

/** A list of examples, or one that is read anew at each pass. */
export type Examples = { readonly n: number; examples(): Iterable<Example> };

type Job = { readonly example: Example; readonly repeat: number };

/** How many answers may wait for one that is slower: they are held in memory until it is their turn. */
const LARGEST_BACKLOG = 2_000;

/** {@link measureEach}, with everything held in memory. */
export async function measureAll(
  prompt: Prompt,
  examples: readonly Example[],
  options: MeasuringOptions,
): Promise<Measurements> {
  const tally = createTally();
  await measureEach(prompt, { n: examples.length, examples: () => examples }, options, tally.add);
  return tally.measurements();
}

/**
 * Asks for each example `repeats` times with at most `model.concurrency` requests at once, and hands the measurements on in the
 * order of the examples, whatever order they arrive in. After the first fatal failure, one of `onMeasured` included, nothing new
 * is asked, and it is thrown once the requests under way have ended: their answers are paid for and must reach the store.
 */
export async function measureEach(
  prompt: Prompt,
  { n, examples }: Examples,
  options: MeasuringOptions,
  onMeasured: (measurement: Measurement) => void,
): Promise<void> {
  const { model, metrics, repeats = 1, label = prompt.id, onProgress, signal } = options;
  const progress = { label, done: 0, total: n * repeats, cached: 0, failed: 0, usd: 0 as number | null };
  let fatal: { error: unknown } | null = null;

  function* jobs(): Generator<Job> {
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const example of examples()) {
        if (fatal) return;
        yield { example, repeat };
      }
    }
  }
  const measure = async ({ example, repeat }: Job): Promise<Measurement | null> => {
    // Jobs read ahead are still handed in after the first fatal failure.
    if (fatal) return null;
    try {
      signal?.throwIfAborted();
      const measured = await measureExample(prompt, example, {
        model,
        metrics,
        repeat,
        ...(signal && { signal }),
      });
      const { answer, result } = measured;
      progress.done += 1;
      if (result.failure) progress.failed += 1;
      if (answer?.cached) progress.cached += 1;
      if (answer)
        progress.usd = progress.usd === null || answer.usd === null ? null : progress.usd + answer.usd;
      onProgress?.({ ...progress });
      return measured;
    } catch (error) {
      fatal ??= { error };
      return null;
    }
  };
  const measurements = pMapIterable(jobs(), measure, {
    concurrency: model.concurrency,
    backpressure: model.concurrency + LARGEST_BACKLOG,
  });
  for await (const measurement of measurements) {
    if (!measurement || fatal) continue;
    try {
      onMeasured(measurement);
    } catch (error) {
      fatal = { error };
    }
  }
  throwIfFatal(fatal);
}

/** Collects measurements. `slim` decides what of a result is kept. */
export function createTally(slim: (result: ExampleResult) => ExampleResult = (result) => result) {
  const results: ExampleResult[] = [];
  const latencies: number[] = [];
  let usage = noUsage;
  let metricUsage = noUsage;
  return {
    add: ({ result, answer }: Measurement): void => {
      results.push(slim(result));
      for (const name in result.scores) {
        const spent = result.scores[name]?.usage;
        if (spent) metricUsage = addUsage(metricUsage, spent);
      }
      if (!answer) return;
      usage = addCompletion(usage, answer);
      latencies.push(answer.latencyMs);
    },
    measurements: (): Measurements => ({ results, usage, metricUsage, latencies }),
  };
}

// A function of its own, because the compiler does not see that `measure` assigns.
function throwIfFatal(fatal: { error: unknown } | null): void {
  if (fatal) throw fatal.error;
}
