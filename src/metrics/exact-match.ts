import { z } from 'zod';
import { quoted } from '../formats/wording.ts';
import { abstentionOption, readAbstention } from './abstention.ts';
import type { MetricDefinition } from './definition.ts';
import { expectedAlternatives, textOf } from './reference.ts';
import { acceptedAnswers, normaliseAnswer } from './squad.ts';

const options = z.strictObject({
  field: z.string().min(1).describe('The field compared. A list in `expected` holds the accepted answers.'),
  normalise: z
    .enum(['none', 'squad'])
    .default('none')
    .describe('`squad` ignores case, punctuation and articles, as the SQuAD evaluation does.'),
  abstention: abstentionOption,
});

type Options = z.output<typeof options>;

/** Whether an answer equals one of the accepted ones; a question without one accepts the empty text. */
export function isExactMatch(
  answer: string,
  references: readonly string[],
  normalise: Options['normalise'],
): boolean {
  if (normalise === 'none') return references.includes(answer) || (references.length === 0 && answer === '');
  return acceptedAnswers(references).some(
    (reference) => normaliseAnswer(reference) === normaliseAnswer(answer),
  );
}

/** What an answer was and should have been; `answer` is null where none could be read from the output. */
export function describeWrongAnswer(answer: string | null, output: string, wanted: string): string {
  const given =
    answer === null ? `nothing could be read from ${quoted(output)}` : `answered ${quoted(answer)}`;
  return `${given}, should be ${quoted(wanted)}`;
}

export const exactMatch: MetricDefinition<Options> = {
  use: 'exact_match',
  description:
    'Whether a field equals an accepted answer. An answer that could not be read scores 0, also where the right answer is the empty text: name the word that stands for it as `abstention`.',
  options,
  create: (name, { field, normalise, abstention }) => ({
    name,
    description: exactMatch.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'binary',
    score: ({ parsed, example, output }) => {
      const references = expectedAlternatives(example, field);
      const accepted = references
        .map((reference) => readAbstention(reference, abstention))
        .filter((reference) => reference !== '' || abstention === undefined);
      const answer = textOf(parsed.value?.[field]);
      if (answer !== null && isExactMatch(readAbstention(answer, abstention), accepted, normalise)) {
        return { value: 1, feedback: '' };
      }
      return { value: 0, feedback: describeWrongAnswer(answer, output, references[0] ?? abstention ?? '') };
    },
  }),
};
