import { z } from 'zod';
import { answerText, textField } from './answer-text.ts';
import { clarityOf } from './clarity-of-text.ts';
import type { MetricDefinition } from './definition.ts';

const options = z.strictObject({
  question: z
    .boolean()
    .default(false)
    .describe('Whether the answer should be a question; then a statement loses 46%.'),
  field: textField,
});

type Options = z.output<typeof options>;

export const clarity: MetricDefinition<Options> = {
  use: 'clarity',
  description:
    'Whether an English text stands by itself, in [0, 1], higher is better: the product of one factor each for references to what it does not say (he, this, what else: 1 / (1 + their number)), for vague words (down to 0.5), for sentences of more than 25 words, and for the form of a question. An empty answer, or one whose field cannot be read, scores 0.',
  options,
  create: (name, { question, field }) => ({
    name,
    description: clarity.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => {
      const { value, faults } = clarityOf(answerText(input, field), question);
      return { value, feedback: faults.join('; ') };
    },
  }),
};
