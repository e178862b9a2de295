import { z } from 'zod';
import type { MetricDefinition } from './definition.ts';
import type { Score } from './metric.ts';

const options = z.strictObject({
  at: z
    .number()
    .gt(0)
    .max(1)
    .describe("The least objective, the weighted mean of the family's metrics, with which an answer passes."),
});

type Options = z.output<typeof options>;

export const passRate: MetricDefinition<Options> = {
  use: 'pass_rate',
  description:
    "Whether the answer is good enough: 1 where its objective reaches `at`, else 0; the dataset's value is the share that passes, higher is better. No value where no weighted metric applies. It has no weight itself.",
  options,
  create: (name, { at }) => ({
    name,
    description: passRate.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'binary',
    score: () => ({ value: null, feedback: '' }),
    ofObjective: (objective) => passes(objective, at),
  }),
};

function passes(objective: number | null, at: number): Score {
  if (objective === null) return { value: null, feedback: '' };
  if (objective >= at) return { value: 1, feedback: '' };
  return { value: 0, feedback: `the objective is ${objective.toFixed(3)}, below ${at}` };
}
