import { createHash } from 'node:crypto';
import type { Example, Split } from './dataset.ts';
import { fingerprint } from './leaks.ts';

/** With fewer rows than this a division would leave splits that say nothing. */
export const FEWEST_TO_DIVIDE = 10;

/** Of a division: what is measured, and what demonstrations come from, get more than what candidates are compared on. */
const shares = { test: 0.4, dev: 0.2 };

type Divided<Row> = {
  readonly splits: Readonly<Record<Split, readonly Row[]>>;
  /** Rows with the input of an earlier one, left out. */
  readonly repeated: number;
};

/**
 * Divides rows into splits by a hash of their inputs: the order and the ids of the rows do not matter. Fewer than
 * {@link FEWEST_TO_DIVIDE} all go to test.
 */
export function divideRows<Row extends Pick<Example, 'input'>>(rows: readonly Row[]): Divided<Row> {
  const unique = new Map<string, Row>();
  for (const row of rows) {
    const key = fingerprint(row);
    if (!unique.has(key)) unique.set(key, row);
  }
  const repeated = rows.length - unique.size;
  const kept = [...unique.values()];
  if (kept.length < FEWEST_TO_DIVIDE) return { splits: { train: [], dev: [], test: kept }, repeated };
  const ranked = [...unique].map(([key, row]) => ({ row, rank: hashOf(key) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const test = Math.ceil(kept.length * shares.test);
  const dev = test + Math.ceil(kept.length * shares.dev);
  const chosen = ranked.map(({ row }) => row);
  return {
    splits: { test: chosen.slice(0, test), dev: chosen.slice(test, dev), train: chosen.slice(dev) },
    repeated,
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
