/** Model text as one line of `limit` characters at most. */
export function shortened(text: string, limit = 60): string {
  const characters = [...text.replace(/\s+/gu, ' ').trim()];
  return characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : characters.join('');
}

/** Model text inside a problem or feedback: shortened, in quotes. */
export function quoted(text: string): string {
  return `"${shortened(text)}"`;
}

/** A text without the characters of `marks` at its end; linear in the text, whatever a model wrote. */
export function withoutTrailing(text: string, marks: string): string {
  let end = text.length;
  while (end > 0 && marks.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

export const EMPTY_ANSWER = 'the answer is empty';

// Han, Thai and their like are written without spaces, so that each place in a text is a word boundary.
const WORD_CHARACTER =
  '[[\\p{L}\\p{N}\\p{M}]--[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmr}\\p{sc=Mymr}]]';

/** Matches `phrase` where it stands as whole words, in any case. */
export function wholeWords(phrase: string): RegExp {
  return new RegExp(`(?<!${WORD_CHARACTER})${escapePattern(phrase)}(?!${WORD_CHARACTER})`, 'giv');
}

/** `literal` as a pattern that matches only itself. */
export function escapePattern(literal: string): string {
  return literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
