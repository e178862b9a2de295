import { isStopWord } from './stop-words.ts';

// Scripts written without spaces have no words to cut out without a dictionary: each character is one.
const UNSPACED = '[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmr}\\p{sc=Mymr}]';
const WORD = new RegExp(`${UNSPACED}\\p{M}*|[[\\p{L}\\p{N}\\p{M}]--${UNSPACED}]+`, 'gv');

// The bound keeps the search linear in a text that is one long word.
const NEGATION = /(?<!\p{L})\p{L}{1,7}n['’]t(?!\p{L})/giu;
const CONTRACTED_ENDING = /(?<=\p{L})['’](?:s|ll|re|ve|d|m)(?!\p{L})/giu;

/** The runs of letters and digits of a text, in its order, lower case, compatibility characters unified. */
export function words(text: string): string[] {
  return text.normalize('NFKC').toLowerCase().match(WORD) ?? [];
}

/** The words that are no English stop words; contractions (`don't`, the end of `he's`) count as stop words. */
export function contentWords(text: string): string[] {
  const spelledOut = text.replace(NEGATION, ' ').replace(CONTRACTED_ENDING, ' ');
  return words(spelledOut).filter((word) => !isStopWord(word));
}
