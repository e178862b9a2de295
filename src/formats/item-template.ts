import { inputError } from '../errors.ts';
import { isJsonObject } from './json-span.ts';
import { escapePattern } from './wording.ts';

/** An item of a list: a plain text, or texts by key. */
export type Item = string | Readonly<Record<string, string>>;

/** The keys of an item template in order; `.` stands for the item itself. */
function templateKeys(template: string): string[] {
  return split(template).flatMap((part) => (part.key === undefined ? [] : [part.key]));
}

/** Whether text between two placeholders tells them apart, so that an item can be read back. */
export function isInvertible(template: string): boolean {
  const keys = templateKeys(template);
  const parts = split(template);
  const adjacent = parts.some((part, i) => part.key !== undefined && parts[i + 1]?.key !== undefined);
  const mixed = keys.includes('.') && keys.length > 1;
  return keys.length > 0 && new Set(keys).size === keys.length && !adjacent && !mixed;
}

/** An item written by its template, as `Lena Okafor (person)`. Throws an input error when a key is missing. */
export function renderItem(template: string, item: unknown): string {
  return split(template)
    .map((part) => (part.key === undefined ? part.literal : textOf(item, part.key)))
    .join('');
}

/**
 * The item a line holds, or null when it does not match. Where a literal occurs in a value too, the line is
 * split at the last occurrence if the template ends in a literal (`Mercury (planet) (body)`), else at the
 * first (`Note: see: below`). White space around literals may be missing. Linear in the line.
 */
export function readItem(template: string, line: string): Item | null {
  const exact = literalsOf(template);
  const values = valuesBetween(exact, line.trim()) ?? valuesBetween(exact.map(withoutSpace), line.trim());
  return values && itemOf(template, values);
}

/** A line cut into items where a comma or semicolon follows what ends the template: `Ada (person), Ghent (city)`. */
export function splitItems(template: string, line: string): string[] {
  const end = split(template).at(-1);
  if (end?.key !== undefined || !end?.literal.trim()) return [line];
  return line.split(new RegExp(`(?<=${escapePattern(end.literal.trim())})\\s*[,;]\\s*`, 'u'));
}

/** An item that fills the template's first key only: what is left of a line that does not match. */
export function itemOfFirstKey(template: string, text: string): Item {
  return itemOf(template, [text]);
}

function itemOf(template: string, values: readonly string[]): Item {
  const keys = templateKeys(template);
  if (keys[0] === '.') return values[0] ?? '';
  return Object.fromEntries(values.map((value, i) => [keys[i] ?? '', value]));
}

function textOf(item: unknown, key: string): string {
  const value = key === '.' ? item : isJsonObject(item) ? item[key] : undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw inputError(
    key === '.' ? 'an expected item is not a text' : `an expected item has no text "${key}"`,
    'Give each item what the template under output.item names, or change the template',
  );
}

/** What stands before the first key, between the keys, and after the last one. */
function literalsOf(template: string): string[] {
  const literals = [''];
  for (const part of split(template)) {
    if (part.key !== undefined) literals.push('');
    else literals[literals.length - 1] = part.literal;
  }
  return literals;
}

function withoutSpace(literal: string): string {
  return literal.trim() || literal;
}

function valuesBetween(literals: readonly string[], line: string): string[] | null {
  const [before = '', after = ''] = [literals[0], literals.at(-1)];
  if (!line.startsWith(before) || !line.endsWith(after)) return null;
  const inside = line.slice(before.length, Math.max(before.length, line.length - after.length));
  const separators = literals.slice(1, -1);
  const values = after === '' ? cutAtFirst(inside, separators) : cutAtLast(inside, separators);
  const trimmed = values?.map((value) => value.trim());
  return trimmed && !trimmed.includes('') ? trimmed : null;
}

function cutAtFirst(text: string, separators: readonly string[]): string[] | null {
  const values: string[] = [];
  let rest = text;
  for (const separator of separators) {
    const at = rest.indexOf(separator);
    if (at < 0) return null;
    values.push(rest.slice(0, at));
    rest = rest.slice(at + separator.length);
  }
  return [...values, rest];
}

function cutAtLast(text: string, separators: readonly string[]): string[] | null {
  const values: string[] = [];
  let rest = text;
  for (const separator of separators.toReversed()) {
    const at = rest.lastIndexOf(separator);
    if (at < 0) return null;
    values.unshift(rest.slice(at + separator.length));
    rest = rest.slice(0, at);
  }
  return [rest, ...values];
}

type Part = { literal: string; key?: undefined } | { key: string };

function split(template: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of template.matchAll(/\{\{\s*(\.|[^\s{}]+)\s*\}\}/gu)) {
    if (match.index > end) parts.push({ literal: template.slice(end, match.index) });
    parts.push({ key: match[1] ?? '' });
    end = match.index + match[0].length;
  }
  if (end < template.length) parts.push({ literal: template.slice(end) });
  return parts;
}
