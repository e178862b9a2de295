import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { inputError, outsideError, type PromptlineError } from '../errors.ts';
import { createFolder } from './create-folder.ts';

/**
 * Reads a user's text file, without a byte order mark; one that is missing, unreadable or not UTF-8 is the user's
 * error, named as `shown`.
 */
export function readText(absolute: string, shown: string): string {
  const bytes = readBytes(absolute, shown);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Read tolerantly, every letter outside ASCII would become the same replacement character, unseen.
    throw inputError('the file is not UTF-8 text', 'Save it as UTF-8', { file: shown });
  }
}

function readBytes(absolute: string, shown: string): Buffer {
  try {
    return readFileSync(absolute);
  } catch (error) {
    throw unreadable(error, shown);
  }
}

/** Why a user's file could not be opened or read, as the user's error. */
export function unreadable(error: unknown, shown: string): PromptlineError {
  const code = errorCode(error);
  const what =
    code === 'ENOENT' ? 'does not exist' : code === 'EISDIR' ? 'is a folder' : `cannot be read (${code})`;
  return inputError(`the file ${what}`, 'Check the path', { file: shown });
}

/**
 * Writes a file whole or not at all: under a temporary name, flushed, then renamed. A full disk leaves what
 * was there before.
 */
export function writeWhole(absolute: string, text: string, otherwise?: string): void {
  const temporary = `${absolute}.${process.pid}.tmp`;
  try {
    refuseSpecialFile(absolute);
    createFolder(path.dirname(absolute));
    const handle = openSync(temporary, 'w');
    try {
      writeAll(handle, Buffer.from(text, 'utf8'));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, absolute);
  } catch (error) {
    removeQuietly(temporary);
    throw cannotWrite(absolute, error, otherwise);
  }
}

/** Makes a folder for results and the folders above it, and makes sure that it can be written. */
export function makeFolder(absolute: string): void {
  try {
    createFolder(absolute);
    accessSync(absolute, constants.W_OK);
  } catch (error) {
    throw cannotWrite(absolute, error);
  }
}

/** Codes of a disk, a quota or a file size that takes no more. */
const fullCodes = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** Codes of a file where a folder is to be. */
const inTheWayCodes = ['EEXIST', 'ENOTDIR'];

/** Why a file for results could not be written, as an outside failure that says what is kept. */
export function cannotWrite(
  absolute: string,
  error: unknown,
  otherwise = 'choose another with --out; answers already paid for are kept and a rerun uses them',
): PromptlineError {
  const code = errorCode(error);
  const [why, remedy] = reasonAndRemedy(code);
  return outsideError(`${absolute} cannot be written: ${why}`, `${remedy} or ${otherwise}`, error);
}

function reasonAndRemedy(code: string): readonly [string, string] {
  if (fullCodes.includes(code)) return [`the disk is full (${code})`, 'Free some space'];
  if (inTheWayCodes.includes(code)) return [`a file is where a folder is to be (${code})`, 'Move it away'];
  return [code, 'Make the folder writable'];
}

/** The system's code of a failure, such as ENOSPC. */
export function errorCode(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}

/** Renaming would put a file in the place of a device or a pipe, as /dev/stdout, where the user may. */
function refuseSpecialFile(absolute: string): void {
  const found = statSync(absolute, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile() && !found.isDirectory())
    throw new Error('it is a device or a pipe');
}

/** Where a file could not be made there is often none to remove; what failed first is what counts. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {}
}

function writeAll(handle: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
}
