import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import path from 'node:path';
import { outsideError } from '../../errors.ts';
import { createFolder } from '../../files/create-folder.ts';

const LINE_FEED = 0x0a;

/**
 * Adds a line to a file, making it and its folder where they are missing. It is written at once and at the end, so that several may write;
 * what a crash or a full disk left of a line before stays a line of its own.
 * @throws {PromptlineError} the file cannot be written
 */
export function appendLine(file: string, line: string): void {
  let handle: number | undefined;
  try {
    createFolder(path.dirname(file));
    handle = openSync(file, 'a+');
    const bytes = Buffer.from(`${endsCutShort(handle) ? '\n' : ''}${line}\n`);
    const written = writeSync(handle, bytes);
    if (written < bytes.length) throw new Error('the disk is full');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw outsideError(
      `${file} cannot be written (${reason})`,
      'Make it writable and free some space, and run the same command again: nothing that counts was added',
      error,
    );
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function endsCutShort(handle: number): boolean {
  const { size } = fstatSync(handle);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last[0] !== LINE_FEED;
}
