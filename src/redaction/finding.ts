/** Personal data in a text: which kind, and where it stands, in UTF-16 units. */
export type Finding = { readonly kind: string; readonly start: number; readonly end: number };

/** Looks for some kinds of personal data in one text. */
export type Finder = (text: string) => readonly Finding[];

/** What a pattern found, with the text before it and after it, to decide by. */
export type Found = { readonly value: string; readonly before: string; readonly after: string };

/** Characters before and after a value in which words speak of it. */
const CONTEXT = 48;

/**
 * A finder for what a pattern matches: its group `value` where it has one, else all of it.
 *
 * @param pattern with the flag `g`
 * @param accept what a pattern cannot say: a checksum, or the words around the value
 */
export function byPattern(
  kind: string,
  pattern: RegExp,
  accept: (found: Found) => boolean = () => true,
): Finder {
  return (text) =>
    [...text.matchAll(pattern)].flatMap((match) => {
      const value = match.groups?.['value'] ?? match[0];
      const start = match.index + match[0].indexOf(value);
      const end = start + value.length;
      const found = {
        value,
        before: text.slice(Math.max(0, start - CONTEXT), start),
        after: text.slice(end, end + CONTEXT),
      };
      return value.length > 0 && accept(found) ? [{ kind, start, end }] : [];
    });
}

const COUNTED =
  /(?:\b(?:order|invoice|ticket|ref(?:erence)?|isbn|sku|part|serial|tracking|case|version|model|account|parcel|batch|build|item|article|id|code|iban|card|visa|passport|ssn|timestamp|port|pid)s?(?:[ .:#=-]|\b(?:no|nr|number|id|code|is)\b){0,6}|#\s?)$/iu;

/** Whether the words before a number say that it is one of things: of an order, a ticket, a part. */
export function isCounted(before: string): boolean {
  return COUNTED.test(before);
}

/** All that several finders find. */
export function allOf(...finders: readonly Finder[]): Finder {
  return (text) => finders.flatMap((find) => find(text));
}
