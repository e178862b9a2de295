import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { inputError, type Location, outsideError } from '../errors.ts';

/** Reads a user's text file; a missing or unreadable one is the user's error, named as `shown`. */
export function readText(absolute: string, shown: string, namedAt?: Location): string {
  try {
    return readFileSync(absolute, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    const what =
      code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
    throw inputError(`${shown} ${what}`, 'Check the path', namedAt ?? { file: shown });
  }
}

/**
 * Writes a file whole or not at all: under a temporary name, flushed, then renamed. A full disk leaves what
 * was there before.
 */
export function writeWhole(absolute: string, text: string): void {
  const temporary = `${absolute}.${process.pid}.tmp`;
  try {
    mkdirSync(path.dirname(absolute), { recursive: true });
    const handle = openSync(temporary, 'w');
    try {
      writeAll(handle, Buffer.from(text, 'utf8'));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, absolute);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw outsideError(
      `${absolute} cannot be written (${errorCode(error)})`,
      'Free some space or choose another folder with --out; answers already paid for are kept and a rerun uses them',
      error,
    );
  }
}

/** The system's code of a failure, such as ENOSPC. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}

function writeAll(handle: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
}
