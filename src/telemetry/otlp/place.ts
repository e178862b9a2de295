import type { Cursor } from '../../rollout/observation.ts';

/** How far a file is read, in bytes of its uncompressed content. */
export type FilePlace = {
  /** The first byte that was not read. */
  readonly offset: number;
  /** Where to begin anew when memory was lost: what came before is too old for anything to come to belong to it. */
  readonly from: number;
};

/** The cursor's entry for a file. */
export function placeKey(fingerprint: string): string {
  return `otlp-file ${fingerprint}`;
}

/** `1827364, again from 1203344, of traces.json`. */
export function formatPlace({ offset, from }: FilePlace, shown: string): string {
  return `${offset}, again from ${from}, of ${shown}`;
}

/** Null where the file was never read. */
export function placeIn(cursor: Cursor, fingerprint: string): FilePlace | null {
  const key = placeKey(fingerprint);
  const entry = Object.hasOwn(cursor, key) ? cursor[key] : undefined;
  const [, offset, from] = /^(\d+), again from (\d+)/.exec(entry ?? '') ?? [];
  return offset === undefined || from === undefined ? null : { offset: Number(offset), from: Number(from) };
}
