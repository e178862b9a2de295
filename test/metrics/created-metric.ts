import type { MetricDefinition } from '../../src/metrics/definition.ts';
import type { Metric } from '../../src/metrics/metric.ts';
import { noTools } from './no-tools.ts';

/** A metric straight from its definition, under the name it is used by. */
export function createdMetric(definition: MetricDefinition, options: Record<string, unknown> = {}): Metric {
  return definition.create(definition.use, definition.options.parse(options), noTools);
}
