import { ModelError } from './model.ts';
import { sqliteFailureOf } from './sqlite-failure.ts';

/**
 * What a failure of the answer store means for the person who runs the command. Always fatal: an answer
 * that cannot be kept must not be paid for.
 * @param saved answers this process has stored so far
 */
export function storeError(error: unknown, path: string, saved: number): unknown {
  const failure = sqliteFailureOf(error);
  if (failure === null) return error;
  if (failure.isUnreadable) {
    return new ModelError(`${path} is not a readable answer store`, {
      fatal: true,
      attempts: 0,
      kind: 'input',
      hint: 'Name another file, or move this one away: a new store is made, and answers in it are asked for again',
      cause: error,
    });
  }
  return new ModelError(`The answer store ${path} ${failure.what} (${errorText(error)})`, {
    fatal: true,
    attempts: 0,
    hint: `${savedText(saved)} ${failure.remedy} and run the same command again: it goes on from there`,
    cause: error,
  });
}

function savedText(saved: number): string {
  return `All answers stored before are saved (${saved} by this run).`;
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
