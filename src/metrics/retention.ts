import { z } from 'zod';
import type { Example } from '../datasets/dataset.ts';
import { quoted } from '../formats/wording.ts';
import { enumerate } from './feedback.ts';
import { occursIn } from './names.ts';
import { expectedAlternatives } from './reference.ts';
import { sourceText } from './source-text.ts';
import { normaliseAnswer } from './squad.ts';
import { shareOfTerms } from './term-recall.ts';
import { namesAndNumbers, termsOf } from './terms.ts';

/** The options of every metric of what a compressed text must still hold. */
export const retentionOptions = z.strictObject({
  answer: z
    .string()
    .min(1)
    .default('answer')
    .describe('The field of `expected` with the answer to keep: a text, or a list of accepted texts.'),
  facts: z
    .string()
    .min(1)
    .default('facts')
    .describe('The field of `expected` with the facts to keep: a list of short texts.'),
  source: z
    .string()
    .min(1)
    .default('context')
    .describe('The input field with the text to compress, or a list of texts.'),
});

export type RetentionOptions = z.output<typeof retentionOptions>;

/** What is left of something that had to be kept: a share in [0, 1], and what was lost, for feedback. */
export type Retained = { readonly share: number; readonly lost: string };

/**
 * What a text keeps of an example: the mean of the answer (kept or not) and the facts (`retainedFacts`), as far as the
 * example has them; where it has neither, its source's names and numbers. Null where the source has none of these either.
 */
export function retentionOf(
  text: string,
  example: Example,
  { answer, facts, source }: RetentionOptions,
): Retained | null {
  const wanted = [retainedAnswer(text, example, answer), retainedFacts(text, example, facts)];
  const parts = wanted.filter((part) => part !== null);
  if (parts.length === 0) return retainedNames(text, sourceText(example, source));
  return {
    share: mean(parts.map(({ share }) => share)),
    lost: parts
      .map(({ lost }) => lost)
      .filter((lost) => lost !== '')
      .join('; '),
  };
}

/** Whether one of the accepted answers stands in a text. Null where the example has no answer. */
export function retainedAnswer(text: string, example: Example, field: string): Retained | null {
  const accepted = textsOf(example, field).filter((answer) => normaliseAnswer(answer) !== '');
  if (accepted.length === 0) return null;
  const isKept = accepted.some((answer) => standsIn(answer, text));
  return isKept ? { share: 1, lost: '' } : { share: 0, lost: `lost the answer ${quoted(accepted[0] ?? '')}` };
}

/**
 * Whether an answer stands in a text, both normalised as SQuAD does. One word must be a whole word, as `no` stands in
 * `know`; as that normalisation joins words (`seven-layer`), it may also stand as it is written. Of several words the
 * last may be cut off, as annotated answers are now and then.
 */
function standsIn(answer: string, text: string): boolean {
  const [wanted, normalised] = [normaliseAnswer(answer), normaliseAnswer(text)];
  if (wanted.includes(' ')) return ` ${normalised}`.includes(` ${wanted}`);
  return ` ${normalised} `.includes(` ${wanted} `) || occursIn(answer, text);
}

/**
 * The mean over facts of the share of their different content words, by stem, that a text has, wherever they stand.
 * Null where the example has no fact with a content word.
 */
function retainedFacts(text: string, example: Example, field: string): Retained | null {
  const facts = textsOf(example, field).filter((fact) => termsOf(fact).length > 0);
  if (facts.length === 0) return null;
  const kept = facts.map((fact) => ({ fact, share: shareOfTerms(termsOf(fact), text).share }));
  const incomplete = kept.filter(({ share }) => share < 1).sort((a, b) => a.share - b.share);
  return {
    share: mean(kept.map(({ share }) => share)),
    lost: enumerate('lost of the facts', incomplete, ({ fact }) => quoted(fact)),
  };
}

/** The share of a source's different names and numbers, word by word, that a text has. Null where there is none. */
function retainedNames(text: string, source: string): Retained | null {
  const names = namesAndNumbers(source);
  if (names.length === 0) return null;
  const { share, missing } = shareOfTerms(names, text);
  return { share, lost: enumerate('lost names and numbers', missing, quoted) };
}

/** The texts of a field of `expected`; none where it is absent. Throws an input error where it is something else. */
function textsOf(example: Example, field: string): readonly string[] {
  return example.expected[field] === undefined ? [] : expectedAlternatives(example, field);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
