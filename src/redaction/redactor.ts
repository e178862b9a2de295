import { findContacts } from './contacts.ts';
import type { Finder, Finding } from './finding.ts';
import { findMachines } from './network.ts';
import { findNumbers } from './numbers.ts';
import { openPersonNames } from './person-names.ts';
import { createPlaceholders } from './placeholders.ts';
import { findSecrets } from './secrets.ts';
import { findStreetAddresses } from './street-addresses.ts';

/** What is left of some values, and how many different pieces of personal data of each kind were in them. */
type Redacted = { readonly values: readonly unknown[]; readonly found: ReadonlyMap<string, number> };

/**
 * Gives copies of JSON values that belong together, whose texts and numbers hold no personal data that is found. The same piece has the
 * same placeholder in all of them, as in `<EMAIL_1>`, so that what is left still makes sense. Fields of the values themselves keep their
 * names; fields further in may be called after people.
 */
export type Redact = (values: readonly unknown[]) => Redacted;

/** A person's own rule: what `pattern` matches is personal data of the kind `name`. */
export type RedactionRule = { readonly name: string; readonly pattern: string };

/** Characters that show nothing and would part a piece in two. */
const UNSEEN = /[\u00ad\u200b\u2060\ufeff]/gu;
const PLACEHOLDER = /<[A-Z][A-Z0-9_]*_\d+>/gu;

/**
 * Loads what finds personal data.
 * @param rules of the configuration; they come before all others
 */
export async function openRedaction(rules: readonly RedactionRule[]): Promise<Redact> {
  const finders = [
    ...rules.map(byRule),
    findSecrets,
    findMachines,
    findNumbers,
    findContacts,
    findStreetAddresses,
    await openPersonNames(),
  ];
  return (values) => redactBy(finders, values);
}

function byRule({ name, pattern }: RedactionRule): Finder {
  const kind = name.toUpperCase();
  const compiled = new RegExp(pattern, 'gu');
  return (text) =>
    [...text.matchAll(compiled)].map(({ index, 0: match }) => ({
      kind,
      start: index,
      end: index + match.length,
    }));
}

function redactBy(finders: readonly Finder[], values: readonly unknown[]): Redacted {
  const placeholders = createPlaceholders();
  const found = new Map<string, readonly (readonly Finding[])[]>();
  // All is looked at before any of it is written: what is found in one text is known in the others.
  const look = (text: string) => {
    if (found.has(text)) return text;
    const findings = finders.map((find) => find(text));
    found.set(text, findings);
    for (const { kind, start, end } of disjoint(text, findings).toSorted((a, b) => a.start - b.start))
      placeholders.of(kind, text.slice(start, end));
    return text;
  };
  for (const value of values) mapTexts(value, look, true);
  const write = (text: string) => {
    const findings = disjoint(text, [...(found.get(text) ?? []), placeholders.find(text)]);
    let [left, written] = ['', 0];
    for (const { kind, start, end } of findings.toSorted((a, b) => a.start - b.start)) {
      left += text.slice(written, start) + placeholders.of(kind, text.slice(start, end));
      written = end;
    }
    return left + text.slice(written);
  };
  return { values: values.map((value) => mapTexts(value, write, true)), found: placeholders.counts() };
}

/** What finders found, without overlaps: an earlier one's finding stays whole, of a later one what it leaves. Placeholders are nothing new. */
function disjoint(text: string, findings: readonly (readonly Finding[])[]): Finding[] {
  const covered = new Uint8Array(text.length);
  for (const { index, 0: match } of text.matchAll(PLACEHOLDER)) covered.fill(1, index, index + match.length);
  const kept: Finding[] = [];
  for (const some of findings) {
    const longestFirst = some.toSorted((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
    for (const finding of longestFirst) {
      for (const rest of uncovered(finding, covered)) {
        if (!/[\p{L}\p{N}]/u.test(text.slice(rest.start, rest.end))) continue;
        kept.push(rest);
        covered.fill(1, rest.start, rest.end);
      }
    }
  }
  return kept;
}

/**
 * The parts of a finding that no other covers.
 * @param covered 1 for each UTF-16 unit of the text that one does
 */
function uncovered(finding: Finding, covered: Uint8Array): Finding[] {
  const parts: Finding[] = [];
  let start = finding.start;
  for (let at = finding.start; at <= finding.end; at += 1) {
    if (at < finding.end && covered[at] === 0) continue;
    if (start < at) parts.push({ ...finding, start, end: at });
    start = at + 1;
  }
  return parts;
}

/** A copy of a JSON value with each text changed, the names of inner fields too; a number becomes a text where it changes. */
function mapTexts(value: unknown, change: (text: string) => string, keepsNames: boolean): unknown {
  if (typeof value === 'string') return change(value.replace(UNSEEN, ''));
  if (typeof value === 'number') {
    const changed = change(String(value));
    return changed === String(value) ? value : changed;
  }
  if (Array.isArray(value)) return value.map((item: unknown) => mapTexts(item, change, false));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      keepsNames ? key : change(key),
      mapTexts(inner, change, false),
    ]),
  );
}
