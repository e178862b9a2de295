import type { ExampleResult, Scorecard } from '../evaluation/scorecard.ts';
import type { PromptReport } from './run-report.ts';

/** What of a prompt's report is not in its scorecard. */
type Beside = Pick<
  PromptReport,
  | 'elapsedMs'
  | 'flaky'
  | 'changedSince'
  | 'baseProblem'
  | 'calibrations'
  | 'comparison'
  | 'gate'
  | 'exampleChanges'
>;

/**
 * A scorecard as report.json holds it.
 * @param beside `elapsedMs` is null where the measurement was part of an optimization
 * @param detailed the results it shows with their outputs
 */
export function promptReport(
  card: Scorecard,
  beside: Beside,
  detailed: readonly ExampleResult[] = card.results,
): PromptReport {
  const { prompt, dataset, metrics, objective, usage, metricUsage, failures, latencyMs } = card;
  return {
    id: prompt.id,
    version: prompt.version,
    model: prompt.model,
    digest: prompt.digest,
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
    ...beside,
  };
}
