import { stemsOf, type Term } from './terms.ts';

/** How many of different terms a text has: their share in [0, 1], and the words of those it lacks. */
export type TermRecall = { readonly share: number; readonly missing: readonly string[] };

/** The share of the different stems of `terms`, one at least, that a text has, wherever they stand. */
export function shareOfTerms(terms: readonly Term[], text: string): TermRecall {
  const present = stemsOf(text);
  const wanted = new Map(terms.map(({ word, stem }) => [stem, word]));
  const missing = [...wanted].filter(([stem]) => !present.has(stem)).map(([, word]) => word);
  return { share: (wanted.size - missing.length) / wanted.size, missing };
}
