import type { Cursor } from '../../rollout/observation.ts';

/** How far a table is read. */
export type TablePlace = {
  /** The newest event that was read, milliseconds since 1970. */
  readonly newest: number;
  /** The last row that was read, in words of its source. */
  readonly after: string;
};

/** `newest 2026-03-01T00:05:14.173Z, after 1234`. */
export function formatPlace({ newest, after }: TablePlace): string {
  return `newest ${new Date(newest).toISOString()}, after ${after}`;
}

/** Null where the table was never read. */
export function placeIn(cursor: Cursor, key: string): TablePlace | null {
  const entry = Object.hasOwn(cursor, key) ? cursor[key] : undefined;
  const [, newest = '', after] = /^newest (\S+), after (.+)$/s.exec(entry ?? '') ?? [];
  const time = Date.parse(newest);
  return after === undefined || Number.isNaN(time) ? null : { newest: time, after };
}
