import type { Example } from './dataset.ts';
import { plainWords } from './leaks.ts';

/** Characters of one piece of a text. */
const PIECE = 4;

type Row = Pick<Example, 'id' | 'input'>;
/** A field's pieces, the rarest first, and the same as a set. */
type Pieces = { readonly ordered: readonly string[]; readonly all: ReadonlySet<string> };
type Known = { readonly id: string; readonly fields: readonly Pieces[] };

/** Rows, and which of them say almost the same as another. */
export type NearCopies = {
  add(row: Row): void;
  /** The id of the nearest row that is a near copy; null where there is none. */
  find(row: Pick<Row, 'input'>): string | null;
};

export type NearCopyOptions = {
  /** Of the input; one that a row lacks is empty. */
  readonly fields: readonly string[];
  /** Share of pieces in common, above 0, at most 1. */
  readonly threshold: number;
  /** Rows as those that will come: what is rare among them is looked at first. Others are found as well, only later. */
  readonly like: readonly Pick<Row, 'input'>[];
};

/**
 * Two rows are near copies when each field shares at least `threshold` of its pieces, the runs of four characters of its words (Jaccard's
 * index): one question about two texts is two rows, and so are two questions about one text.
 *
 * All of them are found: two sets that share so much have a common piece among the first `n - ceil(threshold n) + 1` of each in a common
 * order, so that only rows that meet there are compared (prefix filtering; Chaudhuri, Ganti, Kaushik 2006).
 */
export function createNearCopies({ fields, threshold, like }: NearCopyOptions): NearCopies {
  const meeting = fields.map(() => new Map<string, Known[]>());
  const counts = fields.map((field) => countPieces(like.map(({ input }) => input[field])));
  const piecesIn = (input: Row['input']): Known['fields'] =>
    fields.map((field, index) => rarestFirst(piecesOf(input[field]), counts[index] ?? new Map()));
  const beginning = ({ ordered }: Pieces) =>
    ordered.slice(0, ordered.length - Math.ceil(threshold * ordered.length) + 1);

  /** Those that meet a row in the field where the fewest do. */
  function neighbours(own: Known['fields']): ReadonlySet<Known> {
    const met = own.map((pieces, field) =>
      beginning(pieces).flatMap((piece) => meeting[field]?.get(piece) ?? []),
    );
    return new Set(met.sort((a, b) => a.length - b.length)[0]);
  }

  return {
    add({ id, input }) {
      const known = { id, fields: piecesIn(input) };
      for (const [field, pieces] of known.fields.entries()) {
        for (const piece of beginning(pieces)) {
          const others = meeting[field]?.get(piece);
          if (others) others.push(known);
          else meeting[field]?.set(piece, [known]);
        }
      }
    },
    find({ input }) {
      const own = piecesIn(input);
      let nearest: { readonly id: string; readonly likeness: number } | null = null;
      for (const { id, fields: theirs } of neighbours(own)) {
        const likeness = leastLikeness(own, theirs, threshold);
        if (likeness > (nearest?.likeness ?? 0)) nearest = { id, likeness };
      }
      return nearest?.id ?? null;
    },
  };
}

/** The runs of four characters of a value's words; a shorter text is its only piece. */
export function piecesOf(value: unknown): ReadonlySet<string> {
  const text = plainWords(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  const count = Math.max(1, text.length - PIECE + 1);
  return new Set(Array.from({ length: count }, (_, index) => text.slice(index, index + PIECE)));
}

/** What two sets have in common, of all that is in either; 0 to 1. */
export function jaccard(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let common = 0;
  for (const piece of one) if (other.has(piece)) common += 1;
  return common / (one.size + other.size - common);
}

function countPieces(values: readonly unknown[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values)
    for (const piece of piecesOf(value)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
  return counts;
}

function rarestFirst(all: ReadonlySet<string>, counts: ReadonlyMap<string, number>): Pieces {
  const count = (piece: string) => counts.get(piece) ?? 0;
  return { all, ordered: [...all].sort((a, b) => count(a) - count(b) || (a < b ? -1 : 1)) };
}

/** The likeness of the least like field; 0 as soon as one cannot reach the threshold. */
function leastLikeness(own: Known['fields'], theirs: Known['fields'], threshold: number): number {
  let least = 1;
  for (const [field, { ordered }] of own.entries()) {
    const others = theirs[field]?.all ?? new Set();
    // From so many on, the share of what both have is below the threshold.
    const mostMissing = ordered.length - (threshold / (1 + threshold)) * (ordered.length + others.size);
    let missing = 0;
    for (const piece of ordered) {
      if (others.has(piece)) continue;
      missing += 1;
      if (missing > mostMissing + 1e-9) return 0;
    }
    const common = ordered.length - missing;
    least = Math.min(least, common / (ordered.length + others.size - common));
  }
  return least >= threshold ? least : 0;
}
