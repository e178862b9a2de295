import { z } from 'zod';
import type { Example } from '../datasets/dataset.ts';
import { EMPTY_ANSWER, quoted } from '../formats/wording.ts';
import { sentences } from '../language/sentences.ts';
import { answerText, textField } from './answer-text.ts';
import type { MetricDefinition } from './definition.ts';
import { enumerate } from './feedback.ts';
import type { MetricInput, Score } from './metric.ts';
import { textOf } from './reference.ts';
import { sourceText } from './source-text.ts';
import { shareOfTerms } from './term-recall.ts';
import { namesAndNumbers, type Term, termsOf } from './terms.ts';

const options = z.strictObject({
  source: z
    .string()
    .min(1)
    .default('question')
    .describe('The input field with the text whose meaning must be kept.'),
  context: z
    .array(z.string().min(1))
    .exactOptional()
    .describe(
      'The input fields, beside `source`, that names and numbers may be taken from (the history of a conversation). Default: every text of the input.',
    ),
  field: textField,
});

type Options = z.output<typeof options>;

export const semanticPreservation: MetricDefinition<Options> = {
  use: 'semantic_preservation',
  description:
    'Whether a rewrite keeps the meaning, by its words, in [0, 1], higher is better: the share of the content words of the original that it keeps, by stem, times the share of its names and numbers that come from the original or the context. A copy scores 1. An empty answer, or one whose field cannot be read, scores 0; no value where the original has no content word. It sees neither a denial, nor a synonym, nor ordinary words that are added.',
  options,
  create: (name, chosen) => ({
    name,
    description: semanticPreservation.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => scorePreservation(input, chosen),
  }),
};

/**
 * kept x grounded, in [0, 1]. kept: of the different content stems of the original, the share in the rewrite. grounded: of
 * the rewrite's different names and numbers, word by word, the share that the original or the context has; 1 where the
 * rewrite has none. The product, as a rewrite about somebody else keeps nothing of the meaning however many words it keeps.
 */
function scorePreservation(input: MetricInput, { source, context, field }: Options): Score {
  const original = sourceText(input.example, source);
  const wanted = termsOf(original);
  if (wanted.length === 0) return { value: null, feedback: '' };
  const rewrite = answerText(input, field);
  if (rewrite === '') return { value: 0, feedback: EMPTY_ANSWER };
  const kept = shareOfTerms(wanted, rewrite);
  const named = namesIn(rewrite);
  const known = [original, ...contextTexts(input.example, context)].join('\n');
  const grounded = named.length === 0 ? { share: 1, missing: [] } : shareOfTerms(named, known);
  return {
    value: kept.share * grounded.share,
    feedback: [
      enumerate('words of the original that are gone', kept.missing, quoted),
      enumerate('names or numbers from nowhere', grounded.missing, quoted),
    ]
      .filter((part) => part !== '')
      .join('; '),
  };
}

/** Without the first word of a sentence, which is capitalised anyway (`Besides Ghent`). */
function namesIn(text: string): Term[] {
  const uncapitalised = sentences(text).map(
    (sentence) => sentence.charAt(0).toLowerCase() + sentence.slice(1),
  );
  return namesAndNumbers(uncapitalised.join('\n'));
}

function contextTexts(example: Example, fields: readonly string[] | undefined): string[] {
  if (fields !== undefined) return fields.map((field) => sourceText(example, field));
  return Object.values(example.input)
    .flat()
    .map(textOf)
    .filter((text) => text !== null);
}
