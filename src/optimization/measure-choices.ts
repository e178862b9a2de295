import { outsideError } from '../errors.ts';
import { measureAll } from '../evaluation/measure-all.ts';
import type { ExampleResult } from '../evaluation/scorecard.ts';
import { asking, type Model } from '../models/model.ts';
import { addCompletion, type Usage } from '../models/usage.ts';
import type { MeasureRows } from './contest.ts';
import { measuredRow } from './measured-row.ts';
import type { OptimizationInput } from './optimization-input.ts';
import type { Choices } from './proposal.ts';
import { realise, type SearchSpace } from './space.ts';

/** How far the work is, for its progress. */
type WorkStanding = {
  readonly label: string;
  readonly before: number;
  readonly total: number;
  /** Whether it begins with this: where nothing at all can be measured then, nothing ever will. */
  readonly isFirst: boolean;
};

/** Measures choices in the space as it is known by then. */
export function measureWith(input: OptimizationInput, known: { readonly space: SearchSpace }) {
  const { prompt, metrics, onProgress } = input;
  return async (choices: Choices, examples: Parameters<MeasureRows>[1], standing: WorkStanding) => {
    const { results } = await measureAll(realise(prompt, known.space, choices), examples, {
      ...evaluationOptions(input),
      onProgress: (progress) =>
        onProgress?.({
          ...progress,
          label: standing.label,
          done: standing.before + progress.done,
          total: standing.total,
        }),
    });
    if (standing.isFirst) requireAnyMeasured(prompt.id, results);
    return results.map((result) => measuredRow(metrics, result));
  };
}

/** Throws when the prompt as it was failed on each of the first examples: every candidate would be paid in vain. */
function requireAnyMeasured(id: string, results: readonly ExampleResult[]): void {
  const [first] = results;
  if (!first || results.some(({ failure }) => !failure)) return;
  throw outsideError(
    `${id}: none of the first ${results.length} examples could be measured; the first, ${first.example}: ${first.failure ?? ''}`,
    'Mend that and run the same command again',
  );
}

/** The model, with what its answers cost added to the meter: those of a measurement that is cut off, too. */
export function metered(model: Model, meter: { usage: Usage }): Model {
  return asking(model, async (request, signal) => {
    const completion = await model.complete(request, signal);
    meter.usage = addCompletion(meter.usage, completion);
    return completion;
  });
}

/** How everything of an optimization is measured. */
export function evaluationOptions({ model, metrics, onProgress, signal }: OptimizationInput) {
  return { model, metrics, ...(onProgress && { onProgress }), ...(signal && { signal }) };
}
