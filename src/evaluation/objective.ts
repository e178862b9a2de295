import type { FamilyMetric } from '../config/load.ts';
import type { Score } from '../metrics/metric.ts';

/**
 * The weighted mean of an example's metric values in [0, 1], costs turned round (1 - value). A metric that does not
 * apply to the example leaves its weight to the others; null when none applies.
 */
export function objectiveOf(
  metrics: readonly FamilyMetric[],
  scores: Readonly<Record<string, Score>>,
): number | null {
  let sum = 0;
  let weights = 0;
  for (const { metric, weight } of metrics) {
    const value = scores[metric.name]?.value;
    if (weight === 0 || value === null || value === undefined) continue;
    sum += weight * (metric.direction === 'higher' ? value : 1 - value);
    weights += weight;
  }
  return weights === 0 ? null : sum / weights;
}
