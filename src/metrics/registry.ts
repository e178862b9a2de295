import type { z } from 'zod';
import { inputError } from '../errors.ts';
import { nearest } from '../files/validate.ts';
import { cost, latency, tokens } from './completion-metrics.ts';
import type { MetricDefinition, MetricTools } from './definition.ts';
import { entityF1 } from './entity-f1.ts';
import { exactMatch } from './exact-match.ts';
import { formatCompliance } from './format-compliance.ts';
import { hallucinationRate } from './hallucination-rate.ts';
import { labelAccuracy } from './label-accuracy.ts';
import type { Metric } from './metric.ts';

const definitions: readonly MetricDefinition[] = [
  exactMatch,
  labelAccuracy,
  entityF1,
  hallucinationRate,
  formatCompliance,
  latency,
  tokens,
  cost,
];

/** Every metric a configuration can use, by the name it uses it under. */
export const metricDefinitions: ReadonlyMap<string, MetricDefinition> = new Map(
  definitions.map((definition) => [definition.use, definition]),
);

/**
 * The metric that a configuration calls `name`. `options` is its configuration without the keys every metric
 * has (`use`, `weight`, `gate`). Throws an input error for an unknown `use` or unfit options.
 */
export function createMetric(name: string, use: string, options: unknown, tools: MetricTools): Metric {
  const definition = metricDefinitions.get(use);
  if (!definition) {
    const known = [...metricDefinitions.keys()];
    const guess = nearest(use, known);
    const hint = guess ? `Did you mean "${guess}"?` : `Known metrics: ${known.join(', ')}`;
    throw inputError(`metric "${name}": there is no metric "${use}"`, hint);
  }
  const result = definition.options.safeParse(options);
  if (result.success) return definition.create(name, result.data, tools);
  const issues = result.error.issues.map(describeIssue).join('; ');
  throw inputError(
    `metric "${name}" (${use}): ${issues}`,
    'The reference lists each metric with its options',
  );
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return path.length > 0 ? `${path.join('.')}: ${message}` : message;
}
