import { ModelError } from './model.ts';

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html. */
const SQLITE = {
  permission: 3,
  busy: 5,
  readOnly: 8,
  io: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
};

/** The primary result code of an error of `node:sqlite`, undefined for any other error. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

/** True when another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === SQLITE.busy;
}

/**
 * What a failure of the answer store means for the person who runs the command. Always fatal: an answer
 * that cannot be kept must not be paid for.
 * @param saved answers this process has stored so far
 */
export function storeError(error: unknown, path: string, saved: number): unknown {
  const code = resultCode(error);
  if (code === undefined) return error;
  if (code === SQLITE.notADatabase || code === SQLITE.corrupt) {
    return new ModelError(`${path} is not a readable answer store`, {
      fatal: true,
      attempts: 0,
      kind: 'input',
      hint: 'Name another file, or move this one away: a new store is made, and answers in it are asked for again',
      cause: error,
    });
  }
  return new ModelError(`The answer store ${path} ${whatFailed(code)} (${errorText(error)})`, {
    fatal: true,
    attempts: 0,
    hint: `${savedText(saved)} ${remedy(code)} and run the same command again: it goes on from there`,
    cause: error,
  });
}

function whatFailed(code: number): string {
  if (code === SQLITE.full) return 'cannot grow: the disk is full';
  if (code === SQLITE.readOnly || code === SQLITE.permission) return 'cannot be written: it is read-only';
  if (code === SQLITE.cannotOpen) return 'cannot be opened';
  if (code === SQLITE.busy) return 'stayed locked by another process';
  return 'cannot be read or written';
}

function remedy(code: number): string {
  if (code === SQLITE.full) return 'Free some space';
  if (code === SQLITE.busy) return 'Wait for the other process';
  return 'Make the file and its folder readable and writable';
}

function savedText(saved: number): string {
  return `All answers stored before are saved (${saved} by this run).`;
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
