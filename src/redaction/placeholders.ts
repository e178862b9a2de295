import type { Finder, Finding } from './finding.ts';
import { createPieceIndex, type PieceIndex } from './piece-index.ts';

/** Gives each piece of personal data in a value its placeholder. */
export type Placeholders = {
  /** The placeholder of a piece, the same for each of its spellings. */
  of(kind: string, piece: string): string;
  /** Finds the pieces that are known by now wherever they stand, parts of names too. */
  readonly find: Finder;
  /** How many different pieces there are, by kind. */
  counts(): ReadonlyMap<string, number>;
};

/** Of a piece that was found. */
type Known = { readonly kind: string };

/** Shorter pieces and parts of names stand in too many other words. */
const SHORTEST_REPEATED = 3;

export function createPlaceholders(): Placeholders {
  const numbers = new Map<string, number>();
  const counts = new Map<string, number>();
  const known = createPieceIndex<Known>();

  function remember(kind: string, piece: string): void {
    if (piece.length >= SHORTEST_REPEATED) known.add(piece, { kind });
  }

  function numberOf(kind: string, piece: string): number {
    const key = keyOf(kind, piece);
    const given = numbers.get(key);
    if (given !== undefined) return given;
    const next = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, next);
    numbers.set(key, next);
    remember(kind, piece);
    if (kind !== 'PERSON') return next;
    for (const part of partsOf(piece)) {
      if (numbers.has(keyOf(kind, part))) continue;
      numbers.set(keyOf(kind, part), next);
      remember(kind, part);
    }
    return next;
  }

  return {
    of: (kind, piece) => `<${kind}_${numberOf(kind, piece)}>`,
    find: (text) => occurrences(text, known),
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

/** Where known pieces stand as words of their own; one that overlaps itself is found once. */
function occurrences(text: string, known: PieceIndex<Known>): Finding[] {
  const found: Finding[] = [];
  const ends = new Map<Known, number>();
  for (let start = 0; start < text.length; start += 1) {
    if (/[\p{L}\p{N}]$/u.test(text.slice(Math.max(0, start - 2), start))) continue;
    for (const { end, value } of known.at(text, start)) {
      if ((ends.get(value) ?? 0) > start || /^[\p{L}\p{N}]/u.test(text.slice(end, end + 2))) continue;
      ends.set(value, end);
      found.push({ kind: value.kind, start, end });
    }
  }
  return found;
}
