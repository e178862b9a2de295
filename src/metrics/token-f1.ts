import { z } from 'zod';
import { abstentionOption, readAbstention } from './abstention.ts';
import type { MetricDefinition } from './definition.ts';
import { describeWrongAnswer } from './exact-match.ts';
import { expectedAlternatives, textOf } from './reference.ts';
import { squadF1 } from './squad.ts';

const options = z.strictObject({
  field: z.string().min(1).describe('The field compared. A list in `expected` holds the accepted answers.'),
  abstention: abstentionOption,
});

type Options = z.output<typeof options>;

export const tokenF1: MetricDefinition<Options> = {
  use: 'token_f1',
  description:
    'F1 of the words that a field shares with the nearest accepted answer, as in the SQuAD evaluation; in [0, 1], higher is better. An answer that could not be read scores 0, also where the right answer is the empty text: name the word that stands for it as `abstention`.',
  options,
  create: (name, { field, abstention }) => ({
    name,
    description: tokenF1.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: ({ parsed, example, output }) => {
      const references = expectedAlternatives(example, field);
      const accepted = references.map((reference) => readAbstention(reference, abstention));
      const answer = textOf(parsed.value?.[field]);
      const value = answer === null ? 0 : squadF1(readAbstention(answer, abstention), accepted);
      if (value === 1) return { value, feedback: '' };
      return { value, feedback: describeWrongAnswer(answer, output, references[0] ?? abstention ?? '') };
    },
  }),
};
