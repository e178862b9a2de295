import type { FamilyMetric } from '../config/load.ts';
import { objectiveOf } from '../evaluation/objective.ts';
import type { ExampleResult } from '../evaluation/scorecard.ts';

/** What a candidate made of one row. */
export type MeasuredRow = {
  /** Null where it could not be measured. */
  readonly objective: number | null;
  /** Of the weighted metrics, in their order, costs turned round so that more is better; NaN where one does not apply. */
  readonly values: readonly number[];
  readonly output: string;
  /** What was wrong, a sentence for each metric that had something to say. */
  readonly feedback: readonly string[];
  /** Why the model or a metric failed on it. */
  readonly failure?: string;
};

/** What an optimizer keeps of a measurement. */
export function measuredRow(metrics: readonly FamilyMetric[], result: ExampleResult): MeasuredRow {
  const weighted = metrics.filter(({ weight }) => weight > 0);
  return {
    objective: result.failure ? null : objectiveOf(metrics, result.scores),
    values: weighted.map(({ metric: { name, direction } }) => {
      const value = result.scores[name]?.value ?? Number.NaN;
      return direction === 'higher' ? value : 1 - value;
    }),
    output: result.output ?? '',
    feedback: Object.values(result.scores).flatMap(({ feedback }) => (feedback === '' ? [] : [feedback])),
    ...(result.failure && { failure: result.failure }),
  };
}
