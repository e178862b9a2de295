import { closeSync, openSync } from 'node:fs';
import type { Cursor } from '../../rollout/observation.ts';
import type { ReadOptions, SignalBatch } from '../source.ts';
import { type FoundFile, identityOf } from './find-files.ts';
import { fingerprintOf } from './fingerprint.ts';
import { fingerprintsIn, missingSince, placeKey, withMissing } from './place.ts';

type Found = Pick<ReadOptions, 'now' | 'window'> & {
  /** Files as they were found. */
  readonly all: readonly FoundFile[];
  /** Fingerprints of those that were opened. */
  readonly opened: ReadonlySet<string>;
  /** Entries that this reading has written. */
  readonly read: ReadonlySet<string>;
};

/**
 * Lets go of the places of files that were deleted, so that a cursor does not grow with every rotated file.
 *
 * A file may be missing for some looks only: while it is renamed or moved, or while its disk is away. So its place is marked, and dropped when
 * it was missing for a whole window: all that was in it is too old then for anything to come to belong to it. Where it comes back even
 * later it is read from its beginning, and its users are known to be counted. Nothing is marked while no file is found at all, or one
 * cannot be read.
 */
export function watchMissing(source: string): {
  note(after: Cursor, found: Found): Generator<SignalBatch>;
} {
  /** By identity: those that stay as they are need not be opened at each look. */
  let known = new Map<string, string | null>();
  return {
    *note(after, { all, opened, read, now, window }) {
      const noted = fingerprintsIn(after, source);
      const entryOf = (fingerprint: string) => after[placeKey(fingerprint)] ?? '';
      const isSettled = noted.every((each) => opened.has(each) && missingSince(entryOf(each)) === null);
      if (isSettled || all.length === 0) return;
      const present = presentIn(all, opened);
      if (present === null) return;
      const cursor: Record<string, string> = {};
      const dropped: string[] = [];
      for (const fingerprint of noted) {
        const [key, entry] = [placeKey(fingerprint), entryOf(fingerprint)];
        const since = missingSince(entry);
        if (present.has(fingerprint)) {
          if (since !== null && !read.has(key)) cursor[key] = withMissing(entry, null);
        } else if (since === null) cursor[key] = withMissing(entry, now);
        else if (now - since > window) dropped.push(key);
      }
      if (Object.keys(cursor).length + dropped.length > 0)
        yield { signals: [], again: false, cursor, dropped };
    },
  };

  /** The fingerprints of all files; null where one cannot be told. */
  function presentIn(all: readonly FoundFile[], opened: ReadonlySet<string>): ReadonlySet<string> | null {
    const present = new Set(opened);
    const next = new Map<string, string | null>();
    for (const found of all) {
      const identity = identityOf(found);
      const fingerprint = known.has(identity) ? known.get(identity) : fingerprintIn(found);
      if (fingerprint === undefined) return null;
      next.set(identity, fingerprint);
      if (fingerprint !== null) present.add(fingerprint);
    }
    known = next;
    return present;
  }
}

/** Null for an empty file; undefined where it cannot be read. */
function fingerprintIn({ absolute, gzip }: FoundFile): string | null | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(absolute, 'r');
    return fingerprintOf(handle, gzip);
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
