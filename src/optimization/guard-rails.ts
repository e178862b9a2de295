import type { Example } from '../datasets/dataset.ts';
import { words } from '../language/words.ts';
import { placeholders } from '../prompts/render.ts';

/** So many words in a row that also stand in a row of data are a copy of it. */
const COPIED_WORDS = 12;
/** A proposed instruction may be this long, in characters, whatever the length of the one it replaces. */
const ALWAYS_ALLOWED = 3_000;
/** Longer ones may be this many times the length of the one they replace. */
const LARGEST_GROWTH = 2;

/** Judges a proposed instruction before a call is spent on it: null, or why it cannot be a candidate. */
export type GuardRails = (instruction: string) => string | null;

/**
 * The rules a proposed instruction must keep: the placeholders of the one it replaces and no other, a bounded length, and no
 * copy of the rows it was shown, which would leak answers and fit nothing else.
 * @param rows of the data that proposals are made from
 */
export function guardRails(instruction: string, rows: readonly Example[]): GuardRails {
  const needed = placeholders(instruction);
  const longest = Math.max(ALWAYS_ALLOWED, LARGEST_GROWTH * instruction.length);
  const own = new Set(runsOf(instruction));
  const known = new Set(
    rows
      .flatMap(textsOf)
      .flatMap(runsOf)
      .filter((run) => !own.has(run)),
  );
  return (proposed) => {
    if (proposed.trim() === '') return 'it is empty';
    const given = placeholders(proposed);
    const missing = needed.filter((name) => !given.includes(name));
    if (missing.length > 0) return `it drops {{${missing.join('}}, {{')}}}`;
    const extra = given.filter((name) => !needed.includes(name));
    if (extra.length > 0) return `it adds {{${extra.join('}}, {{')}}}`;
    if (proposed.length > longest) return `it is longer than ${longest} characters`;
    if (runsOf(proposed).some((run) => known.has(run))) return 'it copies a row of the training data';
    return null;
  };
}

/** Every run of twelve words. */
function runsOf(text: string): string[] {
  const all = words(text);
  const count = Math.max(0, all.length - COPIED_WORDS + 1);
  return Array.from({ length: count }, (_, index) => all.slice(index, index + COPIED_WORDS).join(' '));
}

function textsOf({ input, expected }: Example): string[] {
  return [...strings(input), ...strings(expected)];
}

function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) yield* strings(inner);
  }
}
