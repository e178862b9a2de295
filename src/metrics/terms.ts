import { withDigits } from '../language/digits.ts';
import { porterStem } from '../language/porter-stemmer.ts';
import { sentences } from '../language/sentences.ts';
import { contentWords } from '../language/words.ts';

/** A content word: as people read it, and as it is compared. */
export type Term = { readonly word: string; readonly stem: string };

/** The content words of a text in its order, with their stems; numbers are in digits. */
export function termsOf(text: string): Term[] {
  return contentWords(withDigits(text)).map((word) => ({ word, stem: porterStem(word) }));
}

/** The different stems of a text's content words. */
export function stemsOf(text: string): Set<string> {
  return new Set(termsOf(text).map(({ stem }) => stem));
}

const WRITTEN_WORD = /[\p{L}\p{N}\p{M}]+/gu;

/**
 * The names and numbers of a text: its capitalised words, as English writes names, and whatever holds a digit. The
 * first word of a sentence is a name only where the next is capitalised too; in a sentence all in capitals none is.
 */
export function namesAndNumbers(text: string): Term[] {
  const names = sentences(text).flatMap(namesOfSentence).flatMap(termsOf);
  const numbers = termsOf(text).filter(({ word }) => /\p{Nd}/u.test(word));
  return [...names, ...numbers];
}

function namesOfSentence(sentence: string): string[] {
  if (!/\p{Ll}/u.test(sentence)) return [];
  const written = sentence.match(WRITTEN_WORD) ?? [];
  const isCapitalised = written.map((word) => /^\p{Lu}/u.test(word));
  return written.filter((_, at) => isCapitalised[at] && (at > 0 || isCapitalised[1]));
}
