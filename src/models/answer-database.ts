import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inputError, outsideError } from '../errors.ts';
import { createFolder } from '../files/create-folder.ts';
import { storeError } from './answer-store-errors.ts';
import { isBusy } from './sqlite-failure.ts';

/** Marks the file as ours (`PRAGMA application_id`), so that another program's database is never written. */
const APPLICATION_ID = 0x50726c6e;
const SCHEMA_VERSION = 1;
const BUSY_TIMEOUT_MS = 30_000;

const SCHEMA = `
  CREATE TABLE answers (
    key TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    text TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    usd REAL,
    latency_ms REAL NOT NULL,
    attempts INTEGER NOT NULL,
    finish_reason TEXT NOT NULL
  ) STRICT;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};`;

/**
 * Opens the database of an answer store, making the file and its folder when they do not exist.
 * @throws {PromptlineError} the file is something else, is of a newer version, or cannot be opened
 */
export function openAnswerDatabase(path: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    createFolder(dirname(path));
    database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    refuseForeign(database, path);
    enableWriteAheadLog(database);
    database.exec('PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE');
    if (pragma(database, 'user_version') === 0) database.exec(SCHEMA);
    database.exec('COMMIT');
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof Error && 'syscall' in error) {
      throw outsideError(
        `The folder of the answer store ${path} cannot be made (${error.message})`,
        'Name a place that can be written',
        error,
      );
    }
    throw storeError(error, path, 0);
  }
}

function refuseForeign(database: DatabaseSync, path: string): void {
  const version = pragma(database, 'user_version');
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'];
  if (pragma(database, 'application_id') !== APPLICATION_ID && tables !== 0) {
    throw inputError(`${path} is the database of another program`, 'Name another file for the answer store');
  }
  if (version > SCHEMA_VERSION) {
    throw inputError(
      `The answer store ${path} has version ${version}; this promptline reads up to ${SCHEMA_VERSION}`,
      'Update promptline, or name another file for the answer store',
    );
  }
}

/** SQLite answers "busy" at once, without its timeout, when two processes change the journal of one new file. */
export function enableWriteAheadLog(database: DatabaseSync): void {
  const deadline = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
