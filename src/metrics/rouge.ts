import { z } from 'zod';
import { inputError, type PromptlineError } from '../errors.ts';
import { quoted, shortened } from '../formats/wording.ts';
import { porterStem } from '../language/porter-stemmer.ts';
import { rougeTokens } from '../language/rouge-tokens.ts';
import { contentWords, words } from '../language/words.ts';
import type { MetricDefinition } from './definition.ts';
import { enumerate } from './feedback.ts';
import type { MetricInput, Score } from './metric.ts';
import type { PrecisionRecall } from './precision-recall.ts';
import { expectedAlternatives, textOf } from './reference.ts';
import { scoreNGrams, scoreSubsequence, scoreSubsequenceByLine } from './rouge-score.ts';

const options = z.strictObject({
  field: z.string().min(1).describe('The text compared. A list in `expected` holds several references.'),
  stem: z
    .boolean()
    .default(true)
    .describe('Whether forms of a word count as the same (`trained` and `training`), by English rules.'),
});

type Options = z.output<typeof options>;

/** How one variant of ROUGE compares an answer with a reference, each split into tokens by `tokens`. */
type Variant = (reference: string, answer: string, tokens: (text: string) => string[]) => PrecisionRecall;

/** An answer this many times as long as the reference is told so. */
const MUCH_LONGER = 1.5;

export const rouge1 = rouge('rouge_1', 'the words shared', (reference, answer, tokens) =>
  scoreNGrams(tokens(reference), tokens(answer), 1),
);

export const rouge2 = rouge(
  'rouge_2',
  'the pairs of neighbouring words shared',
  (reference, answer, tokens) => scoreNGrams(tokens(reference), tokens(answer), 2),
);

export const rougeL = rouge(
  'rouge_l',
  'the longest sequence of words shared, gaps allowed',
  (reference, answer, tokens) => scoreSubsequence(tokens(reference), tokens(answer)),
);

export const rougeLsum = rouge(
  'rouge_lsum',
  'the longest sequences of words shared, gaps allowed, line by line',
  (reference, answer, tokens) =>
    scoreSubsequenceByLine(reference.split('\n').map(tokens), answer.split('\n').map(tokens)),
);

function rouge(use: string, counted: string, compare: Variant): MetricDefinition<Options> {
  const description = `F1 of ${counted} with the reference, the best of several, in [0, 1], higher is better. Words are runs of the letters a-z and digits, as the rouge-score package has them; an answer without any scores 0, as does one that cannot be read.`;
  return {
    use,
    description,
    options,
    create: (name, chosen) => ({
      name,
      description,
      direction: 'higher',
      unit: 'ratio',
      scale: 'graded',
      score: (input) => scoreText(input, chosen, compare),
    }),
  };
}

function scoreText(
  { parsed, example, output }: MetricInput,
  { field, stem }: Options,
  compare: Variant,
): Score {
  const tokens = (text: string) => rougeTokens(text, stem);
  const references = expectedAlternatives(example, field).filter((text) => tokens(text).length > 0);
  const answer = textOf(parsed.value?.[field]);
  const [best] = references
    .map((reference) => ({ reference, f1: answer === null ? 0 : compare(reference, answer, tokens).f1 }))
    .sort((a, b) => b.f1 - a.f1);
  if (!best) throw noReference(example.id, field);
  if (answer === null) return { value: 0, feedback: `no text could be read from ${quoted(output)}` };
  return { value: best.f1, feedback: best.f1 === 1 ? '' : describeDifference(best.reference, answer) };
}

/** Any score would be a lie: not even the reference itself could reach more than 0. */
function noReference(example: string, field: string): PromptlineError {
  return inputError(
    `example ${example}: expected.${field} holds no words that ROUGE can compare`,
    'Give the example a reference in Latin letters, or use another metric',
  );
}

/** What to change in an answer to come closer to the reference. */
function describeDifference(reference: string, answer: string): string {
  const given = new Set(contentWords(answer).map(porterStem));
  const missing = new Set(contentWords(reference).filter((word) => !given.has(porterStem(word))));
  const [length, wanted] = [words(answer).length, words(reference).length];
  const parts = [
    enumerate('content words of the reference that are missing', [...missing], (word) => shortened(word)),
    length > MUCH_LONGER * wanted ? `too long: ${length} words, where the reference has ${wanted}` : '',
  ].filter((part) => part !== '');
  return parts.length > 0 ? parts.join('; ') : `worded or ordered otherwise than ${quoted(reference)}`;
}
