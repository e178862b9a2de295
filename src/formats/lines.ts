import { inputError } from '../errors.ts';
import type { OutputFormat, ParsedAnswer } from './format.ts';
import { type Item, itemOfFirstKey, readItem, renderItem, splitItems } from './item-template.ts';
import { Problems } from './problems.ts';
import { EMPTY_ANSWER, quoted, withoutTrailing } from './wording.ts';

type LinesFormat = Extract<OutputFormat, { format: 'lines' }>;

const BULLET = /^\s*(?:[-*•–]|\d{1,3}[.)])\s+/u;

/**
 * Strict: each piece is an item as the template writes it, or the whole is the text for "none". Tolerant:
 * bullets, numbers, code fences, an introduction ending in a colon and line breaks for separators are read
 * past; a piece that does not match fills the first key. An item listed twice counts once. An empty answer
 * is not an empty list.
 */
export function parseLines(format: LinesFormat, text: string): ParsedAnswer {
  const answer = text.trim();
  if (answer === '') return { value: null, problems: [EMPTY_ANSWER] };
  if (answer === noneOf(format)) return { value: { [format.field]: [] }, problems: [] };
  if (fold(answer) === fold(noneOf(format))) {
    return { value: { [format.field]: [] }, problems: [`write ${noneOf(format)}, not ${quoted(answer)}`] };
  }
  const strict = strictPieces(format, answer);
  const { pieces, problems } = strict ? { pieces: strict, problems: [] } : tolerantPieces(format, answer);
  if (pieces.length === 0) return { value: null, problems: [`${quoted(answer)} holds no item`] };
  const read = readItems(format.item, pieces);
  return { value: { [format.field]: read.items }, problems: [...problems, ...read.problems] };
}

/** The reference list; an item given twice is written once. Throws an input error when there is no list. */
export function renderLines(format: LinesFormat, expected: Readonly<Record<string, unknown>>): string {
  const items = expected[format.field];
  if (!Array.isArray(items)) {
    throw inputError(
      `expected.${format.field} is not a list`,
      'Give the example a list there, empty for none',
    );
  }
  if (items.length === 0) return noneOf(format);
  const lines = items.map((item: unknown) => renderItem(format.item, item));
  return [...new Set(lines)].join(format.separator ?? '\n');
}

function noneOf(format: LinesFormat): string {
  return format.none ?? 'none';
}

function fold(text: string): string {
  const start = text.replace(BULLET, '').replace(/^[\s"'`*_([]+/u, '');
  return withoutTrailing(start, ' \t\r\n"\'`*_)].!').toLowerCase();
}

/** The pieces when every one is exactly as the template would write it, else null. */
function strictPieces(format: LinesFormat, answer: string): string[] | null {
  const pieces = answer.split(format.separator ?? '\n').map((piece) => piece.trim());
  return pieces.every((piece) => isExact(format.item, piece)) ? pieces : null;
}

function isExact(template: string, piece: string): boolean {
  if (BULLET.test(piece) || piece.includes('\n') || isFence(piece)) return false;
  if (splitItems(template, piece).length > 1) return false;
  const item = readItem(template, piece);
  return item !== null && renderItem(template, item) === piece;
}

function isFence(piece: string): boolean {
  return piece.trimStart().startsWith('```');
}

type Pieces = { pieces: string[]; problems: string[] };

function tolerantPieces(format: LinesFormat, answer: string): Pieces {
  const problems: string[] = [];
  let lines = answer.split('\n').filter((line) => line.trim() !== '');
  if (lines.some(isFence)) {
    problems.push('leave out the code fence');
    lines = lines.filter((line) => !isFence(line));
  }
  const [first] = lines;
  if (first?.trimEnd().endsWith(':') && lines.length > 1) {
    problems.push(`leave out the introduction ${quoted(first)}`);
    lines = lines.slice(1);
  }
  if (lines.some((line) => BULLET.test(line))) {
    problems.push('leave out bullets and numbers');
    lines = lines.map((line) => line.replace(BULLET, ''));
  }
  const separator = format.separator?.trim() || '\n';
  const pieces = lines
    .flatMap((line) => line.split(separator))
    .flatMap((piece) => splitItems(format.item, piece))
    .map((piece) => piece.trim())
    .filter((piece) => piece !== '');
  if (problems.length === 0 && pieces.join(format.separator ?? '\n') !== answer) {
    problems.push(format.separator ? `separate the items by "${format.separator}"` : 'write one item a line');
  }
  return { pieces, problems };
}

function readItems(template: string, pieces: readonly string[]): { items: Item[]; problems: string[] } {
  const items = new Map<string, Item>();
  const problems = new Problems();
  for (const piece of pieces) {
    const read = readItem(template, piece);
    const written = read ? renderItem(template, read) : piece;
    if (!read || written !== piece) problems.add(`write each item as ${template}`, piece);
    if (items.has(written)) problems.add('list each item once', piece);
    else items.set(written, read ?? itemOfFirstKey(template, piece));
  }
  return { items: [...items.values()], problems: problems.described() };
}
