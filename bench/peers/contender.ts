import type { Rows } from './rows.ts';

/** One of the programs that are compared: writes what it needs beside the rows, to ask the server at `port` for each of them. */
export type Contender = (rows: Rows, port: number) => Task;

export type Task = {
  /** Takes away what an earlier run kept. */
  forget(): void;
  /** `fresh` asks the server for everything; `repeat` takes the answers that the run before it kept. */
  command(mode: 'fresh' | 'repeat'): Command;
  readonly resultsFile: string;
  readResults(): Promise<Results>;
};

export type Command = {
  /** Of Node. */
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Besides 0: an exit code that says no more than that some checks failed. */
  readonly codeOfFailedChecks?: number;
};

/** How many rows have a result, and how many of those passed the exact match. */
export type Results = { readonly answered: number; readonly right: number };

/** Requests at once, for all of them. */
export const concurrency = 20;
