import type { Comparison, Scorecard } from '../evaluation/scorecard.ts';
import type { PromptReport } from './run-report.ts';

/** A scorecard as report.json holds it. `elapsedMs` is null where the measurement was part of an optimization. */
export function promptReport(
  card: Scorecard,
  { elapsedMs, comparison }: { elapsedMs: number | null; comparison?: Comparison | undefined },
): PromptReport {
  const { prompt, dataset, metrics, objective, usage, failures, results, latencyMs } = card;
  return {
    id: prompt.id,
    version: prompt.version,
    model: prompt.model,
    dataset,
    metrics,
    objective,
    usage,
    failures,
    examples: results.map(({ example, output, scores }) => ({
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
