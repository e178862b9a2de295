import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { constants, createGunzip } from 'node:zlib';

/** A line without its line break; where it and the next one begin, in bytes of the uncompressed file. */
export type FileLine = { readonly bytes: Buffer; readonly begin: number; readonly end: number };

export type LineReading = {
  /** An open file; it is closed in the end. */
  readonly handle: number;
  readonly gzip: boolean;
  /** Byte of the uncompressed file where a line begins. */
  readonly from: number;
  /** Called once for each line above {@link LONGEST_LINE}, which is passed over. */
  readonly onTooLong: () => void;
};

/** Bytes. The collector writes a batch as a line; one of some thousand spans has a few megabytes. */
const LONGEST_LINE = 32 * 1024 * 1024;

const CHUNK_BYTES = 256 * 1024;
const LINE_FEED = 0x0a;

/**
 * The lines of a file that may still be growing, some at a time. The last one comes even without its line break, marked as `open`:
 * it may be whole, or its rest is still to come.
 *
 * A gzip file that ends too early gives what it has. Rejects where the file cannot be read.
 */
export async function* readLinesFrom(
  reading: LineReading,
): AsyncGenerator<{ readonly lines: readonly FileLine[]; readonly open: boolean }> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let position = reading.from;
  let tooLong = false;
  for await (const chunk of bytesFrom(reading)) {
    const lines: FileLine[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const part = chunk.subarray(start, end);
      const bytes = rest.length === 0 ? part : Buffer.concat([...rest, part]);
      const begin = position;
      position += restBytes + part.length + 1;
      if (!tooLong) lines.push({ bytes, begin, end: position });
      [rest, restBytes, tooLong] = [[], 0, false];
      start = end + 1;
    }
    restBytes += chunk.length - start;
    if (restBytes <= LONGEST_LINE) rest.push(chunk.subarray(start));
    else if (!tooLong) {
      reading.onTooLong();
      [rest, tooLong] = [[], true];
    }
    if (lines.length > 0) yield { lines, open: false };
  }
  if (restBytes > 0 && !tooLong)
    yield { lines: [{ bytes: Buffer.concat(rest), begin: position, end: position + restBytes }], open: true };
}

async function* bytesFrom({ handle, gzip, from }: LineReading): AsyncGenerator<Buffer> {
  let skip = gzip ? from : 0;
  for await (const chunk of gzip ? unzipped(handle) : open(handle, from)) {
    if (skip < chunk.length) yield chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
  }
}

function open(handle: number, start: number): Readable {
  return createReadStream('', { fd: handle, start, highWaterMark: CHUNK_BYTES });
}

function unzipped(handle: number): Readable {
  // A file that somebody is still writing ends in the middle: flushing gives what there is, where finishing would fail.
  const unzip = createGunzip({ chunkSize: CHUNK_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
  // Whoever reads from it sees its error.
  return pipeline(open(handle, 0), unzip, () => {});
}
