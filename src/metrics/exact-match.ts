import { z } from 'zod';
import { quoted } from '../formats/wording.ts';
import type { MetricDefinition } from './definition.ts';
import { expectedAlternatives, textOf } from './reference.ts';
import { acceptedAnswers, normaliseAnswer } from './squad.ts';

const options = z.strictObject({
  field: z.string().min(1).describe('The field compared. A list in `expected` holds the accepted answers.'),
  normalise: z
    .enum(['none', 'squad'])
    .default('none')
    .describe('`squad` ignores case, punctuation and articles, as the SQuAD evaluation does.'),
});

type Options = z.output<typeof options>;

/** Whether an answer equals one of the accepted ones; with `squad`, an unanswerable question accepts the empty text. */
export function isExactMatch(
  answer: string,
  references: readonly string[],
  normalise: Options['normalise'],
): boolean {
  if (normalise === 'none') return references.includes(answer);
  return acceptedAnswers(references).some(
    (reference) => normaliseAnswer(reference) === normaliseAnswer(answer),
  );
}

export const exactMatch: MetricDefinition<Options> = {
  use: 'exact_match',
  description:
    'Whether a field equals an accepted answer. An answer that could not be read scores 0, also where the right answer is the empty text.',
  options,
  create: (name, { field, normalise }) => ({
    name,
    description: exactMatch.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'binary',
    score: ({ parsed, example, output }) => {
      const references = expectedAlternatives(example, field);
      const answer = textOf(parsed.value?.[field]);
      if (answer !== null && isExactMatch(answer, references, normalise)) return { value: 1, feedback: '' };
      const given =
        answer === null ? `nothing could be read from ${quoted(output)}` : `answered ${quoted(answer)}`;
      return { value: 0, feedback: `${given}, should be ${quoted(references[0] ?? '')}` };
    },
  }),
};
