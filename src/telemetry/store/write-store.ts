import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inputError, outsideError, PromptlineError } from '../../errors.ts';
import { createFolder, isFolder } from '../../files/create-folder.ts';
import { enableWriteAheadLog } from '../../models/answer-database.ts';
import { sqliteFailureOf } from '../../models/sqlite-failure.ts';
import type { Evaluation } from '../evaluation.ts';
import { storeSchema } from './schema.ts';

const BUSY_TIMEOUT_MS = 5_000;

/**
 * Adds an evaluation to a store, making the file, its folder and its table where they are missing. Several may write at once.
 * @throws {PromptlineError} the file is something else, or cannot be written
 */
export function writeToStore(file: string, evaluation: Evaluation): void {
  let database: DatabaseSync | undefined;
  try {
    if (isFolder(file)) throw inputError(`${file} is a folder, no store of telemetry`, 'Name another file');
    createFolder(path.dirname(file));
    database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
    if (!hasTable(database)) makeTable(database, file);
    insert(database, evaluation);
  } catch (error) {
    throw error instanceof PromptlineError ? error : writingError(error, file);
  } finally {
    database?.close();
  }
}

function hasTable(database: DatabaseSync): boolean {
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'promptline_events'").get() !== undefined;
}

/** An application may keep the table in a database of its own; whoever names the file of another by mistake is to leave it as it is. */
function makeTable(database: DatabaseSync, file: string): void {
  if (database.prepare('SELECT 1 FROM sqlite_schema').get() !== undefined && !hasTable(database))
    throw inputError(
      `${file} is a database without a table of telemetry`,
      'Name another file, or make the table with schemas/telemetry.sqlite.sql',
    );
  enableWriteAheadLog(database);
  database.exec(`BEGIN IMMEDIATE; ${storeSchema} COMMIT`);
}

function insert(database: DatabaseSync, evaluation: Evaluation): void {
  const { at, traceId, spanId, responseId, prompt, version, name, value, label } = evaluation;
  database
    .prepare(
      `INSERT INTO promptline_events (kind, at, trace_id, span_id, response_id, prompt, version, name, value, label)
       VALUES ('score', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(at, traceId, spanId, responseId, prompt, version, name, value, label);
}

function writingError(error: unknown, file: string): PromptlineError {
  const reason = error instanceof Error ? error.message : String(error);
  const failure = sqliteFailureOf(error);
  if (failure?.isUnreadable)
    return inputError(`${file} is not a readable store of telemetry (${reason})`, 'Name another file');
  const what = failure?.what ?? 'cannot be written';
  return outsideError(
    `The store ${file} ${what} (${reason})`,
    `${failure?.remedy ?? 'Name a place that can be written'} and run the same command again: nothing was added`,
    error,
  );
}
