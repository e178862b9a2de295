import { sentences } from '../language/sentences.ts';
import { claimsOf } from './claim-support.ts';
import { stemsOf, type Term, termsOf } from './terms.ts';

/** How far the words of an answer rest on a source. */
export type Grounding = {
  /** Different content words, and different pairs of neighbours among them. */
  readonly items: number;
  /** Content words that the source does not have. */
  readonly strangers: readonly string[];
  /** Pairs of neighbours, both in the source, that no sentence of it has together. */
  readonly strangePairs: readonly string[];
  /** Of the items, those that are not in the source; null without an item. In [0, 1]. */
  readonly rate: number | null;
};

/**
 * Looks each name, number and content word of an answer up in the source by its stem, and each two that follow one
 * another in a sentence of the answer in the sentences of the source: words that are all there but are nowhere said
 * of one another are put together by the answer. A pair with a word that is missing counts as missing too.
 */
export function groundingOf(answer: string, source: string): Grounding {
  const claims = claimsOf(answer).map(termsOf);
  const terms = distinct(claims.flat(), ({ stem }) => stem);
  const pairs = distinct(claims.flatMap(neighbours), (pair) => pair.map(({ stem }) => stem).join(' '));
  const known = stemsOf(source);
  const places = sentences(source).map(stemsOf);
  const isKnown = ({ stem }: Term) => known.has(stem);
  const standTogether = (pair: readonly Term[]) =>
    places.some((place) => pair.every(({ stem }) => place.has(stem)));
  const strangers = terms.filter((term) => !isKnown(term));
  const apart = pairs.filter((pair) => !standTogether(pair));
  const items = terms.length + pairs.length;
  return {
    items,
    strangers: strangers.map(({ word }) => word),
    strangePairs: apart
      .filter((pair) => pair.every(isKnown))
      .map((pair) => pair.map(({ word }) => word).join(' ')),
    rate: items === 0 ? null : (strangers.length + apart.length) / items,
  };
}

function neighbours(terms: readonly Term[]): (readonly [Term, Term])[] {
  return terms.slice(1).flatMap((term, at) => {
    const before = terms[at];
    return before && before.stem !== term.stem ? [[before, term] as const] : [];
  });
}

function distinct<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
