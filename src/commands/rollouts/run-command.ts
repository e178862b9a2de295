import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { LONGEST_TIMER } from '../../config/duration.ts';
import { errorCode } from '../../files/read-write.ts';

export type CommandRun = {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds. */
  readonly limit: number;
};

/** A group of its own, so that what the command has started ends with it. */
const detached = process.platform !== 'win32';

/** Runs a program without a shell. Gives what went wrong, in words; null where it ended well. */
export function runCommand(
  [program = '', ...args]: readonly string[],
  { folder, environment, limit }: CommandRun,
): Promise<string | null> {
  return new Promise((resolve) => {
    const cannotStart = (error: unknown) => resolve(`it cannot be started (${errorCode(error)})`);
    const child = attempt(
      () =>
        spawn(program, args, {
          cwd: folder,
          env: { ...environment },
          // Our own output is for machines.
          stdio: ['ignore', 'ignore', 'pipe'],
          detached,
          windowsHide: true,
        }),
      cannotStart,
    );
    if (child === null) return;
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-4096);
    });
    const timer = setTimeout(
      () => {
        kill(child.pid);
        resolve(`it took longer than ${limit / 1000} s`);
      },
      Math.min(limit, LONGEST_TIMER),
    );
    child.on('error', (error) => {
      clearTimeout(timer);
      cannotStart(error);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const how = code === null ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
      resolve(code === 0 ? null : `${how}${lastLine(words)}`);
    });
  });
}

/** Null where the system refuses at once, as for arguments that are too long. */
function attempt<T>(start: () => T, refused: (error: unknown) => void): T | null {
  try {
    return start();
  } catch (error) {
    refused(error);
    return null;
  }
}

function kill(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(detached ? -pid : pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

function lastLine(words: string): string {
  const line = stripVTControlCharacters(words).trim().split(/\r?\n/).at(-1) ?? '';
  return line === '' ? '' : `: ${line.slice(0, 300)}`;
}
