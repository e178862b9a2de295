import type { Cursor } from '../../rollout/observation.ts';

/** How far a file is read, in bytes of its uncompressed content. */
export type FilePlace = {
  /** The first byte that was not read. */
  readonly offset: number;
  /** Where to begin anew when memory was lost: what came before is too old for anything to come to belong to it. */
  readonly from: number;
};

const KEY = 'otlp-file ';
const missing = /, missing since (\S+)$/;

/** The cursor's entry for a file. */
export function placeKey(fingerprint: string): string {
  return `${KEY}${fingerprint}`;
}

/** `1827364, again from 1203344, of traces-2026.json in /var/log/otel/traces.json`: the file as it was called, and its source. */
export function formatPlace({ offset, from }: FilePlace, shown: string, source: string): string {
  return `${offset}, again from ${from}, of ${shown} in ${source}`;
}

/** Since when the file of an entry is missing, milliseconds since 1970; null where it was there. */
export function missingSince(entry: string): number | null {
  const [, since] = missing.exec(entry) ?? [];
  return since === undefined ? null : Date.parse(since);
}

/** The entry of a file that is missing since a time, or is there where that is null. */
export function withMissing(entry: string, since: number | null): string {
  const there = entry.replace(missing, '');
  return since === null ? there : `${there}, missing since ${new Date(since).toISOString()}`;
}

/** The fingerprints of a source's entries. */
export function fingerprintsIn(cursor: Cursor, source: string): readonly string[] {
  return Object.entries(cursor).flatMap(([key, entry]) =>
    key.startsWith(KEY) && withMissing(entry, null).endsWith(` in ${source}`) ? [key.slice(KEY.length)] : [],
  );
}

/** Null where the file was never read. */
export function placeIn(cursor: Cursor, fingerprint: string): FilePlace | null {
  const key = placeKey(fingerprint);
  const entry = Object.hasOwn(cursor, key) ? cursor[key] : undefined;
  const [, offset, from] = /^(\d+), again from (\d+)/.exec(entry ?? '') ?? [];
  return offset === undefined || from === undefined ? null : { offset: Number(offset), from: Number(from) };
}
