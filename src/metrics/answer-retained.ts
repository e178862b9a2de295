import type { z } from 'zod';
import { answerText, textField } from './answer-text.ts';
import type { MetricDefinition } from './definition.ts';
import { retainedAnswer, retentionOptions } from './retention.ts';

const options = retentionOptions.pick({ answer: true }).extend({ field: textField });

type Options = z.output<typeof options>;

export const answerRetained: MetricDefinition<Options> = {
  use: 'answer_retained',
  description:
    'Whether an accepted answer still stands in a shortened text, as whole words and compared as SQuAD does: 1 or 0, higher is better. An empty answer, or one whose field cannot be read, scores 0; no value where the example has no answer to keep.',
  options,
  create: (name, { answer, field }) => ({
    name,
    description: answerRetained.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'binary',
    score: (input) => {
      const kept = retainedAnswer(answerText(input, field), input.example, answer);
      return { value: kept?.share ?? null, feedback: kept?.lost ?? '' };
    },
  }),
};
