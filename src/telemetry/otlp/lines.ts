import { closeSync, createReadStream, readSync } from 'node:fs';
import { pipeline } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
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
/** Chunks of one file after which timers and signals have their turn. */
const READS_IN_A_ROW = 32;
const LINE_FEED = 0x0a;

/**
 * The lines of a file that may still be growing, some at a time, each good until the next are asked for. The last one comes even without
 * its line break, marked as `open`: it may be whole, or its rest is still to come.
 *
 * A gzip file that ends too early gives what it has. Rejects where the file cannot be read.
 */
export async function* readLinesFrom(
  reading: LineReading,
): AsyncGenerator<{ readonly lines: readonly FileLine[]; readonly open: boolean }> {
  const source = reading.gzip ? unzipped(reading) : plain(reading);
  // One for the whole file: new ones would lie about by the megabyte until they are collected.
  let buffer: Buffer = Buffer.allocUnsafe(2 * CHUNK_BYTES);
  // Bytes at its front that begin a line, and where in the file they are.
  let [held, position] = [0, reading.from];
  let tooLong = false;
  try {
    for (;;) {
      if (buffer.length - held < CHUNK_BYTES) buffer = enlarged(buffer);
      const filled = held + (await source.read(buffer, held));
      if (filled === held) break;
      const bytes = buffer.subarray(0, filled);
      const lines: FileLine[] = [];
      let start = 0;
      for (let end = bytes.indexOf(LINE_FEED, held); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
        const [begin, next] = [position + start, position + end + 1];
        if (!tooLong) lines.push({ bytes: bytes.subarray(start, end), begin, end: next });
        [start, tooLong] = [end + 1, false];
      }
      if (lines.length > 0) yield { lines, open: false };
      buffer.copyWithin(0, start, filled);
      [held, position] = [filled - start, position + start];
      if (held <= LONGEST_LINE && !tooLong) continue;
      if (!tooLong) reading.onTooLong();
      [held, position, tooLong] = [0, position + held, true];
    }
    const rest = { bytes: buffer.subarray(0, held), begin: position, end: position + held };
    if (held > 0) yield { lines: [rest], open: true };
  } finally {
    source.close();
  }
}

function enlarged(buffer: Buffer): Buffer {
  const larger = Buffer.allocUnsafe(2 * buffer.length);
  buffer.copy(larger);
  return larger;
}

type Bytes = {
  /** Puts what comes next, at most {@link CHUNK_BYTES}, at a place of a buffer, and gives how much; 0 at the end. */
  read(into: Buffer, at: number): Promise<number>;
  close(): void;
};

function plain({ handle, from }: LineReading): Bytes {
  let [position, reads] = [from, 0];
  return {
    // Handing a quarter of a megabyte to another thread and back takes longer than reading it.
    async read(into, at) {
      reads += 1;
      if (reads % READS_IN_A_ROW === 0) await setImmediate();
      const bytes = readSync(handle, into, at, CHUNK_BYTES, position);
      position += bytes;
      return bytes;
    },
    close: () => closeSync(handle),
  };
}

function unzipped({ handle, from }: LineReading): Bytes {
  // A file that somebody is still writing ends in the middle: flushing gives what there is, where finishing would fail.
  const unzip = createGunzip({ chunkSize: CHUNK_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
  // Whoever reads from it sees its error; the file is closed with it.
  const stream = pipeline(createReadStream('', { fd: handle, start: 0 }), unzip, () => {});
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  let skip = from;
  return {
    async read(into, at) {
      for (;;) {
        const { value, done } = await chunks.next();
        if (done) return 0;
        const skipped = Math.min(skip, value.length);
        skip -= skipped;
        if (skipped < value.length) return value.copy(into, at, skipped);
      }
    },
    close: () => stream.destroy(),
  };
}
