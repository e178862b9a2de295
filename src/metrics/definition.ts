import type { z } from 'zod';
import { PromptlineError } from '../errors.ts';
import type { Embedder } from '../models/embedder.ts';
import type { Model } from '../models/model.ts';
import type { Metric } from './metric.ts';

/** What a metric may use of the outside. Handed in, so that metrics know neither disk nor network. */
export type MetricTools = {
  /** A text file of the repository. Throws an input error, with the path as shown to people, where it cannot be read. */
  readText(path: string): string;
  /** The judge of the configuration (`models.judge`), behind the answer store and the budget. Rejects with an input error where none is configured. */
  judge(): Promise<Model>;
  /** An embedding model, `provider/model`, behind a store of its vectors. Rejects with an input error where it cannot be opened. */
  embedder(reference: string): Promise<Embedder>;
  /** Code of the repository that scores, by its path there; nothing runs before the first score. Throws an input error for a path outside. */
  runCustom(file: string): CustomScorer;
};

/** Code of the repository behind a wall: it shares neither process nor environment. */
export type CustomScorer = {
  /**
   * What the file's default export returned for `input`; both travel as JSON, a number that is not finite arrives as
   * text. Rejects with a PromptlineError when the code failed on it or took longer, and with a FatalMetricError when it
   * cannot run at all.
   */
  score(input: unknown, timeoutMs: number): Promise<unknown>;
};

/** A metric that can score nothing any more: the examples left would all fail in the same way. */
export class FatalMetricError extends PromptlineError {
  override name = 'FatalMetricError';
}

/** What a configuration can name under `use`. */
export type MetricDefinition<Options = unknown> = {
  readonly use: string;
  /** One sentence for the reference documentation. */
  readonly description: string;
  /** Strict: an unknown option is an error. */
  readonly options: z.ZodType<Options>;
  /** `name` is the metric's name in the configuration; `options` have passed the schema. Throws an input error for a file it cannot use. */
  create(name: string, options: Options, tools: MetricTools): Metric;
};
