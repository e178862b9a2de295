import { type Column, LONGEST_NAME, LONGEST_TEXT, type Row } from './columns.ts';

/** The values of a row; null where there is none, or it is not what the column is for. */
export type Cells = {
  /** Cut to {@link LONGEST_NAME}. */
  name(column: Column): string | null;
  /** An id of OpenTelemetry: hex, in lower case. */
  id(column: Column): string | null;
  number(column: Column): number | null;
  /** A number that is not below 0. */
  amount(column: Column): number | null;
  /** Milliseconds since 1970, no more than a date can hold: nanoseconds are none. */
  time(column: Column): number | null;
  flag(column: Column): boolean | null;
  /** Of at most {@link LONGEST_TEXT} characters. */
  text(column: Column): string | null;
  /** Whether there is nothing at all. */
  isEmpty(column: Column): boolean;
};

/** @param report gets the columns whose values are not what they are for, and why */
export function cellsOf(
  row: Row,
  report: (kind: 'malformed' | 'too long', column: Column, why: string) => void,
): Cells {
  const plain = (column: Column): string | null => {
    const value = row[column] ?? null;
    if (value === null || value === '') return null;
    if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return String(value);
    report('malformed', column, 'holds no plain value');
    return null;
  };
  /** Null for what `read` makes nothing of, which is reported. */
  const read = <Value>(column: Column, why: string, reader: (text: string) => Value | null): Value | null => {
    const text = plain(column);
    if (text === null) return null;
    const value = reader(text);
    if (value === null) report('malformed', column, why);
    return value;
  };
  return {
    name: (column) => plain(column)?.slice(0, LONGEST_NAME) ?? null,
    id: (column) => read(column, 'is no id in hex', idIn),
    number: (column) => read(column, 'is no number', numberIn),
    amount: (column) =>
      read(column, 'is no number from 0 on', (text) => numberWithin(text, Number.MAX_VALUE)),
    time: (column) =>
      read(column, 'is no time in milliseconds since 1970', (text) => numberWithin(text, LATEST_DATE)),
    flag: (column) => read(column, 'is neither true nor false', (text) => flags.get(text) ?? null),
    text(column) {
      const text = plain(column);
      if (text === null || text.length <= LONGEST_TEXT) return text;
      report('too long', column, `has more than ${LONGEST_TEXT} characters`);
      return null;
    },
    isEmpty: (column) => [null, undefined, ''].some((nothing) => row[column] === nothing),
  };
}

/** Milliseconds since 1970 of the last moment that a Date holds, by ECMAScript. */
const LATEST_DATE = 8.64e15;

/** As databases give them: SQLite has no type for them. */
const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

function idIn(text: string): string | null {
  return /^[0-9a-fA-F]{1,64}$/.test(text) ? text.toLowerCase() : null;
}

function numberIn(text: string): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

/** A number from 0 to a largest one. */
function numberWithin(text: string, most: number): number | null {
  const value = numberIn(text);
  return value !== null && value >= 0 && value <= most ? value : null;
}
