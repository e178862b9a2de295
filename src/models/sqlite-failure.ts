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

/** What failed, as the rest of a sentence about the file, and what to do. */
export type SqliteFailure = {
  readonly isUnreadable: boolean;
  readonly what: string;
  readonly remedy: string;
};

/** What an error of `node:sqlite` means; null for any other error. */
export function sqliteFailureOf(error: unknown): SqliteFailure | null {
  const code = resultCode(error);
  if (code === undefined) return null;
  const isUnreadable = code === SQLITE.notADatabase || code === SQLITE.corrupt;
  return { isUnreadable, what: whatFailed(code), remedy: remedy(code) };
}

/** True when another connection holds the lock. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === SQLITE.busy;
}

/** The primary result code of an error of `node:sqlite`, undefined for any other error. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
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
