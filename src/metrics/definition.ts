import type { z } from 'zod';
import type { Metric } from './metric.ts';

/** What a configuration can name under `use`. */
export type MetricDefinition<Options = unknown> = {
  readonly use: string;
  /** One sentence for the reference documentation. */
  readonly description: string;
  /** Strict: an unknown option is an error. */
  readonly options: z.ZodType<Options>;
  /** `name` is the metric's name in the configuration; `options` have passed the schema. */
  create(name: string, options: Options): Metric;
};
