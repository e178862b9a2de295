import type { Comparison, ExampleResult, Scorecard } from '../evaluation/scorecard.ts';
import type { PromptReport } from './run-report.ts';

/**
 * A scorecard as report.json holds it. `detailed` are the results it shows with their outputs, all of the scorecard's by default;
 * `elapsedMs` is null where the measurement was part of an optimization.
 */
export function promptReport(
  card: Scorecard,
  {
    elapsedMs,
    comparison,
    detailed = card.results,
  }: {
    elapsedMs: number | null;
    comparison?: Comparison | undefined;
    detailed?: readonly ExampleResult[];
  },
): PromptReport {
  const { prompt, dataset, metrics, objective, usage, metricUsage, failures, latencyMs } = card;
  return {
    id: prompt.id,
    version: prompt.version,
    model: prompt.model,
    dataset,
    metrics,
    objective,
    usage,
    metricUsage,
    failures,
    examples: detailed.map(({ example, output, scores }) => ({
      example,
      output,
      values: Object.fromEntries(Object.entries(scores).map(([name, { value }]) => [name, value])),
      feedback: Object.values(scores).flatMap(({ feedback }) => (feedback === '' ? [] : [feedback])),
    })),
    latencyMs,
    elapsedMs,
    ...(comparison && { comparison }),
  };
}
