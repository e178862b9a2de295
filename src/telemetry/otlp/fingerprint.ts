import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';

/** Bytes of the first line that are looked at: enough for the ids of its first trace, which no other file begins with. */
const LOOKED_AT = 64 * 1024;

const LINE_FEED = 0x0a;

/**
 * What a file is recognised by when it was renamed, copied or gzipped: a hash of its first line. Null for an empty file. Throws where
 * the file cannot be read.
 *
 * @param handle of an open file
 */
export function fingerprintOf(handle: number, gzip: boolean): string | null {
  const bytes = Buffer.alloc(LOOKED_AT);
  const beginning = bytes.subarray(0, readSync(handle, bytes, 0, LOOKED_AT, 0));
  if (beginning.length === 0) return null;
  const text = gzip ? gunzipSync(beginning, { finishFlush: constants.Z_SYNC_FLUSH }) : beginning;
  const end = text.indexOf(LINE_FEED);
  const line = text.subarray(0, Math.min(LOOKED_AT, end < 0 ? text.length : end));
  return line.length === 0 ? null : createHash('sha256').update(line).digest('hex').slice(0, 16);
}
