import type { z } from 'zod';
import { inputError } from '../errors.ts';
import { nearest } from '../files/validate.ts';
import { answerRelevance } from './answer-relevance.ts';
import { answerRetained } from './answer-retained.ts';
import { clarity } from './clarity.ts';
import { clarityImprovement } from './clarity-improvement.ts';
import { completeness } from './completeness.ts';
import { cost, latency, tokens } from './completion-metrics.ts';
import { compressionRatio } from './compression-ratio.ts';
import { contextPrecision } from './context-precision.ts';
import { custom } from './custom.ts';
import type { MetricDefinition, MetricTools } from './definition.ts';
import { efficiency } from './efficiency.ts';
import { entityF1 } from './entity-f1.ts';
import { exactMatch } from './exact-match.ts';
import { faithfulness } from './faithfulness.ts';
import { formatCompliance } from './format-compliance.ts';
import { repairAccuracy, repairF1, repairPrecision, repairRecall } from './graph-repair.ts';
import { hallucinationRate } from './hallucination-rate.ts';
import { informationRetention } from './information-retention.ts';
import { insightQuality } from './insight-quality.ts';
import { judge } from './judge.ts';
import { labelAccuracy } from './label-accuracy.ts';
import type { Metric } from './metric.ts';
import { ndcg } from './ndcg.ts';
import { passRate } from './pass-rate.ts';
import { queryCoverage } from './query-coverage.ts';
import { readability } from './readability.ts';
import { reciprocalRank } from './reciprocal-rank.ts';
import { relationshipF1, relationshipPrecision, relationshipRecall } from './relationships.ts';
import { retrievalBoost } from './retrieval-boost.ts';
import { retrievalPrecision } from './retrieval-precision.ts';
import { retrievalRecall } from './retrieval-recall.ts';
import { rouge1, rouge2, rougeL, rougeLsum } from './rouge.ts';
import { semanticPreservation } from './semantic-preservation.ts';
import { similarity } from './similarity.ts';
import { structureDetection } from './structure-detection.ts';
import { tokenF1 } from './token-f1.ts';
import { topicCoverage } from './topic-coverage.ts';
import { topicF1 } from './topic-f1.ts';

const definitions: readonly MetricDefinition[] = [
  exactMatch,
  labelAccuracy,
  tokenF1,
  entityF1,
  relationshipF1,
  relationshipPrecision,
  relationshipRecall,
  hallucinationRate,
  formatCompliance,
  rouge1,
  rouge2,
  rougeL,
  rougeLsum,
  readability,
  clarity,
  clarityImprovement,
  semanticPreservation,
  queryCoverage,
  retrievalPrecision,
  retrievalRecall,
  reciprocalRank,
  ndcg,
  retrievalBoost,
  topicCoverage,
  topicF1,
  structureDetection,
  insightQuality,
  compressionRatio,
  informationRetention,
  answerRetained,
  efficiency,
  faithfulness,
  answerRelevance,
  completeness,
  contextPrecision,
  judge,
  similarity,
  passRate,
  custom,
  repairF1,
  repairPrecision,
  repairRecall,
  repairAccuracy,
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
