import type { z } from 'zod';
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
};

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
