import type { Finder, Finding } from './finding.ts';

/** Gives each piece of personal data in a value its placeholder. */
export type Placeholders = {
  /** The placeholder of a piece, the same for each of its spellings. */
  of(kind: string, piece: string): string;
  /** Finds the pieces that are known by now wherever they stand, parts of names too. */
  readonly find: Finder;
  /** How many different pieces there are, by kind. */
  counts(): ReadonlyMap<string, number>;
};

type Known = { readonly kind: string; readonly piece: string };

/** Shorter pieces and parts of names stand in too many other words. */
const SHORTEST_REPEATED = 3;

export function createPlaceholders(): Placeholders {
  const numbers = new Map<string, number>();
  const counts = new Map<string, number>();
  const known: Known[] = [];

  function numberOf(kind: string, piece: string): number {
    const key = keyOf(kind, piece);
    const given = numbers.get(key);
    if (given !== undefined) return given;
    const next = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, next);
    numbers.set(key, next);
    known.push({ kind, piece });
    if (kind !== 'PERSON') return next;
    for (const part of partsOf(piece)) {
      if (numbers.has(keyOf(kind, part))) continue;
      numbers.set(keyOf(kind, part), next);
      known.push({ kind, piece: part });
    }
    return next;
  }

  return {
    of: (kind, piece) => `<${kind}_${numberOf(kind, piece)}>`,
    find: (text) => known.flatMap((each) => occurrences(text, each)),
    counts: () => counts,
  };
}

/** Spaces, dashes and case make no other piece. */
function keyOf(kind: string, piece: string): string {
  return `${kind} ${piece.toLowerCase().replace(/[\s().\u2011-]+/gu, '')}`;
}

function partsOf(name: string): string[] {
  return name.split(/[\s-]+/u).filter((part) => /^\p{Lu}/u.test(part) && part.length >= SHORTEST_REPEATED);
}

function occurrences(text: string, { kind, piece }: Known): Finding[] {
  if (piece.length < SHORTEST_REPEATED) return [];
  const found: Finding[] = [];
  for (let start = text.indexOf(piece); start >= 0; start = text.indexOf(piece, start + piece.length)) {
    const end = start + piece.length;
    const isWhole =
      !/[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, start - 2), start)) &&
      !/^[\p{L}\p{N}]/u.test(text.slice(end, end + 2));
    if (isWhole) found.push({ kind, start, end });
  }
  return found;
}
