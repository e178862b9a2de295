import { z } from 'zod';
import { EMPTY_ANSWER } from '../formats/wording.ts';
import { sentences } from '../language/sentences.ts';
import { countSyllables } from '../language/syllables.ts';
import { answerText, textField } from './answer-text.ts';
import type { MetricDefinition } from './definition.ts';
import type { Score } from './metric.ts';

const options = z.strictObject({ field: textField });

type Options = z.output<typeof options>;

/** Flesch's own bound of "standard" English; what reads as easily needs no advice. */
const STANDARD_ENGLISH = 60;

export const readability: MetricDefinition<Options> = {
  use: 'readability',
  description:
    'How easily an English text reads: the Flesch reading ease divided by 100, cut off to [0, 1], higher is better; 0.6 and above is plain English. Syllables are counted by spelling rules, which keeps it within 0.007 of textstat on its test texts. An answer without a word, or whose field cannot be read, scores 0.',
  options,
  create: (name, { field }) => ({
    name,
    description: readability.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => scoreText(answerText(input, field)),
  }),
};

type Lengths = { readonly wordsPerSentence: number; readonly syllablesPerWord: number };

/**
 * Reading ease after Flesch (1948), 206.835 - 1.015 words per sentence - 84.6 syllables per word: 100 very easy, 0 very
 * hard, both bounds exceeded by extreme texts. 0 for a text without words, as textstat has it; on the texts textstat is
 * tested with, within 0.7 points of what it gives, which looks syllables up in a dictionary.
 */
export function fleschReadingEase(text: string): number {
  const lengths = lengthsOf(text);
  return lengths ? readingEase(lengths) : 0;
}

function readingEase({ wordsPerSentence, syllablesPerWord }: Lengths): number {
  return 206.835 - 1.015 * wordsPerSentence - 84.6 * syllablesPerWord;
}

function scoreText(text: string): Score {
  const lengths = lengthsOf(text);
  if (!lengths) return { value: 0, feedback: text === '' ? EMPTY_ANSWER : 'the answer holds no word' };
  const ease = readingEase(lengths);
  const value = Math.min(Math.max(ease, 0), 100) / 100;
  return { value, feedback: ease < STANDARD_ENGLISH ? describeLengths(lengths) : '' };
}

function describeLengths({ wordsPerSentence, syllablesPerWord }: Lengths): string {
  return `hard to read: ${wordsPerSentence.toFixed(1)} words per sentence and ${syllablesPerWord.toFixed(2)} syllables per word; write shorter sentences and plainer words`;
}

// As people count them: "it's" and "well-known" are one word each.
const WORD = /[\p{L}\p{N}\p{M}]+(?:['’-][\p{L}\p{N}\p{M}]+)*/gu;

// A break before a small letter wraps a line and ends no sentence.
const WRAPPED_LINE = /\r?\n(?=\p{Ll})/gu;

/** Null where there is no word. */
function lengthsOf(text: string): Lengths | null {
  const found = sentences(text.replace(WRAPPED_LINE, ' ')).map((sentence) => sentence.match(WORD) ?? []);
  const spoken = found.filter((sentence) => sentence.length > 0);
  if (spoken.length === 0) return null;
  const all = spoken.flat();
  const syllables = all
    .flatMap((word) => word.split('-'))
    .reduce((sum, part) => sum + countSyllables(part), 0);
  return { wordsPerSentence: all.length / spoken.length, syllablesPerWord: syllables / all.length };
}
