import { closest, distance } from 'fastest-levenshtein';

/** The known word nearest to `word`, when it is near enough to be a slip of the hand. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(word, known);
  // Of a word of one or two letters something must be left, or any other word would be near.
  const most = Math.min(word.length - 1, Math.max(2, Math.floor(word.length / 3)));
  return distance(word, candidate) <= most ? candidate : undefined;
}

/**
 * Whether `word` is almost surely `known` mistyped: one letter off, two neighbours swapped, or another case. Stricter
 * than `nearest`, for places where other words are welcome: `date` is not a slip for `name`.
 */
export function isSlip(word: string, known: string): boolean {
  const [a, b] = [word.toLowerCase(), known.toLowerCase()];
  const off = distance(a, b);
  if (off <= 1) return true;
  const isLong = Math.min(a.length, b.length) > 5;
  return off === 2 && (isLong || sortedLetters(a) === sortedLetters(b));
}

function sortedLetters(word: string): string {
  return [...word].sort().join('');
}
