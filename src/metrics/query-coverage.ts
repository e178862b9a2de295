import { z } from 'zod';
import { quoted } from '../formats/wording.ts';
import { withDigits } from '../language/digits.ts';
import { porterStem } from '../language/porter-stemmer.ts';
import { words } from '../language/words.ts';
import { answerText, textField } from './answer-text.ts';
import type { MetricDefinition } from './definition.ts';
import { enumerate } from './feedback.ts';
import type { MetricInput, Score } from './metric.ts';
import { expectedAlternatives } from './reference.ts';
import { termsOf } from './terms.ts';

const options = z.strictObject({
  field: z
    .string()
    .min(1)
    .default('keywords')
    .describe('The field of `expected` with the key terms: a list of texts, or one text.'),
  answerField: textField,
});

type Options = z.output<typeof options>;

export const queryCoverage: MetricDefinition<Options> = {
  use: 'query_coverage',
  description:
    'The share of the expected key terms that occur in the answer, in [0, 1], higher is better. A term occurs when all its content words do, by stem and in any order. An empty answer, or one whose field cannot be read, scores 0; no value where no key term is expected.',
  options,
  create: (name, chosen) => ({
    name,
    description: queryCoverage.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => scoreTerms(input, chosen),
  }),
};

function scoreTerms(input: MetricInput, { field, answerField }: Options): Score {
  const expected = input.example.expected[field];
  const listed = expected === undefined ? [] : expectedAlternatives(input.example, field);
  const terms = listed
    .map((term) => ({ term, stems: stemsOfTerm(term) }))
    .filter(({ stems }) => stems.length > 0);
  if (terms.length === 0) return { value: null, feedback: '' };
  const present = new Set(stemsOfWords(answerText(input, answerField)));
  const missing = terms.filter(({ stems }) => !stems.every((stem) => present.has(stem)));
  return {
    value: (terms.length - missing.length) / terms.length,
    feedback: enumerate('missing key terms', missing, ({ term }) => quoted(term)),
  };
}

/** Of a term's content words; of all its words where it has no other, as `my` or `here`. */
function stemsOfTerm(term: string): string[] {
  const content = termsOf(term).map(({ stem }) => stem);
  return content.length > 0 ? content : stemsOfWords(term);
}

function stemsOfWords(text: string): string[] {
  return words(withDigits(text)).map(porterStem);
}
