import type { Example } from '../datasets/dataset.ts';
import { words } from '../language/words.ts';
import { placeholders } from '../prompts/render.ts';
import { holdsMark } from './proposer.ts';

/** So many words in a row that also stand in a row of data are a copy of it. */
const COPIED_WORDS = 12;
/** A proposed instruction may be this long, in characters, whatever the length of the one it replaces. */
const ALWAYS_ALLOWED = 3_000;
/** Longer ones may be this many times the length of the one they replace. */
const LARGEST_GROWTH = 2;

/**
 * What a reviewer would not see: control characters but tabs and line breaks, those that turn the order of reading or have no width, tags,
 * private ones, blank letters, halves of a pair. Joiners stay, scripts and emoji need them.
 */
const UNSEEN =
  /[^\P{Cc}\t\n\r]|(?![\u200c\u200d])\p{Cf}|\p{Co}|\p{Cs}|[\u115f\u1160\u3164\uffa0]|[\u{e0100}-\u{e01ef}]/gu;

/**
 * Judges a proposed instruction before a call is spent on it: null, or why it cannot be a candidate.
 * @param shown rows the proposer read
 */
export type GuardRails = (instruction: string, shown: readonly Example[]) => string | null;

/**
 * The rules a proposed instruction must keep: the placeholders of the one it replaces and no other, a bounded length, and no
 * copy of the rows it was made from, which would leak answers and fit nothing else. What all of several rows hold (a list of
 * labels, a schema) belongs to the task.
 */
export function guardRails(instruction: string): GuardRails {
  const needed = placeholders(instruction);
  const longest = longestInstruction(instruction);
  const own = new Set(runsOf(instruction));
  // Of the instruction's own language, as the marks of direction in Hebrew.
  const ownUnseen = new Set(unseenIn(instruction));
  return (proposed, shown) => {
    if (proposed.trim() === '') return 'it is empty';
    if (proposed.length > longest) return `it is longer than ${longest} characters`;
    const given = placeholders(proposed);
    const missing = needed.filter((name) => !given.includes(name));
    if (missing.length > 0) return `it drops {{${missing.join('}}, {{')}}}`;
    const extra = given.filter((name) => !needed.includes(name));
    if (extra.length > 0) return `it adds {{${extra.join('}}, {{')}}}`;
    if (unseenIn(proposed).some((character) => !ownUnseen.has(character)))
      return 'it holds characters that cannot be seen';
    if (holdsMark(proposed)) return 'it repeats a mark of the question';
    return copies(
      runsOf(proposed).filter((run) => !own.has(run)),
      shown,
    )
      ? 'it copies a row of the training data'
      : null;
  };
}

/** The most characters that an instruction proposed for another may have. */
export function longestInstruction(instruction: string): number {
  return Math.max(ALWAYS_ALLOWED, LARGEST_GROWTH * instruction.length);
}

function unseenIn(text: string): string[] {
  return text.match(UNSEEN) ?? [];
}

/** Whether a run stands in a row, but not in every one of several. */
function copies(runs: readonly string[], rows: readonly Example[]): boolean {
  const known = rows.map((row) => new Set([...strings(row.input), ...strings(row.expected)].flatMap(runsOf)));
  return runs.some((run) => {
    const holders = known.filter((theirs) => theirs.has(run)).length;
    return holders > 0 && (holders < rows.length || rows.length === 1);
  });
}

/** Every run of twelve words. */
function runsOf(text: string): string[] {
  const all = words(text);
  const count = Math.max(0, all.length - COPIED_WORDS + 1);
  return Array.from({ length: count }, (_, index) => all.slice(index, index + COPIED_WORDS).join(' '));
}

function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) yield* strings(inner);
  }
}
