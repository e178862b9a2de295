import { closeSync, openSync, readSync } from 'node:fs';
import { inputError } from '../errors.ts';
import { unreadable } from './read-write.ts';

const CHUNK_BYTES = 256 * 1024;
const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\ufeff';

type Decoder = { decode(bytes: Uint8Array): string };

/** One line of a text file, without its line break; lines count from 1. */
export type Line = { readonly line: number; readonly text: string };

/**
 * The lines of a user's text file one after another, so that a file of any length is read in constant memory.
 * A last line without a line break counts; one that is missing, unreadable or not UTF-8 is the user's error, named as `shown`.
 */
export function* readLines(absolute: string, shown: string): Generator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let line = 0;
  for (const bytes of splitLines(absolute, shown)) {
    line += 1;
    const text = decode(decoder, bytes, { file: shown, line });
    yield { line, text: line === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text };
  }
}

function* splitLines(absolute: string, shown: string): Generator<Uint8Array> {
  const handle = open(absolute, shown);
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest: Buffer = Buffer.alloc(0);
    for (let size = read(handle, chunk, shown); size > 0; size = read(handle, chunk, shown)) {
      const bytes =
        rest.length === 0 ? chunk.subarray(0, size) : Buffer.concat([rest, chunk.subarray(0, size)]);
      let start = 0;
      for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
        yield bytes.subarray(start, end);
        start = end + 1;
      }
      // A copy: the chunk is filled again.
      rest = Buffer.from(bytes.subarray(start));
    }
    if (rest.length > 0) yield rest;
  } finally {
    closeSync(handle);
  }
}

function open(absolute: string, shown: string): number {
  try {
    return openSync(absolute, 'r');
  } catch (error) {
    throw unreadable(error, shown);
  }
}

function read(handle: number, chunk: Buffer, shown: string): number {
  try {
    return readSync(handle, chunk, 0, chunk.length, null);
  } catch (error) {
    throw unreadable(error, shown);
  }
}

function decode(decoder: Decoder, bytes: Uint8Array, place: { file: string; line: number }): string {
  try {
    const text = decoder.decode(bytes);
    return text.endsWith('\r') ? text.slice(0, -1) : text;
  } catch {
    throw inputError('the line is not UTF-8 text', 'Save the file as UTF-8', place);
  }
}
