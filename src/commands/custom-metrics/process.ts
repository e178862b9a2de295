import { type ChildProcess, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { outsideError } from '../../errors.ts';
import { errorCode } from '../../files/read-write.ts';
import {
  ANSWERS,
  type CodeFailure,
  LONGEST_ANSWER,
  type ProcessMessage,
  processMessage,
  type ScoreRequest,
} from './protocol.ts';
import { runnerSource } from './runner.ts';

export type ProcessSettings = {
  /** Absolute, without symbolic links. */
  readonly repository: string;
  /** URL of the metric's file. */
  readonly code: string;
  /** For `--allow-fs-read`. */
  readonly readable: readonly string[];
};

export type ProcessEvents = {
  onMessage(message: ProcessMessage): void;
  /** Once, and nothing after it. */
  onEnd(failure: CodeFailure): void;
};

export type MetricProcess = {
  send(request: ScoreRequest): void;
  /** Kills it; `why` is what `onEnd` tells, where nothing ended it before. */
  end(why: string): void;
  readonly ended: Promise<void>;
};

const HEAP_MEGABYTES = 512;

/** A group of its own: a Ctrl-C meant for ours does not reach it, and no signal to its own group reaches ours. */
const detached = process.platform !== 'win32';

/** Starts a process that scores with one file's code. Throws an outside error where the system refuses. */
export function startProcess(settings: ProcessSettings, events: ProcessEvents): MetricProcess {
  const child = spawnNode(processArguments(settings), settings.repository);
  const guard = guardAgainstOrphan(child);
  let failure: CodeFailure | null = null;
  const end = (why: string) => {
    failure ??= { message: why };
    child.kill('SIGKILL');
  };
  const lastWords = keepLastWords(child);
  const answers = child.stdio[ANSWERS];
  if (answers instanceof Readable) {
    readLines(answers, (line) => {
      // What it begins between our decision and its death is not begun.
      if (failure) return;
      const message = readMessage(line);
      if (!message) return end('its process sent what is no answer');
      if (message.kind === 'crashed') failure ??= message.failure;
      else events.onMessage(message);
    });
  }
  // One that has ended says so itself.
  child.stdin?.on('error', () => {});
  const ended = new Promise<void>((resolve) => {
    const close = (why: string) => {
      guard?.kill('SIGKILL');
      resolve();
      events.onEnd(failure ?? { message: why });
    };
    child.on('error', (error) => {
      if (child.pid === undefined) close(`its process cannot be started (${errorCode(error)})`);
    });
    child.on('close', (code, signal) => {
      if (child.pid !== undefined) close(howItEnded(code, signal, lastWords()));
    });
  });
  return {
    send: (request) => void child.stdin?.write(`${JSON.stringify(request)}\n`),
    end,
    ended,
  };
}

function spawnNode(args: readonly string[], cwd: string): ChildProcess {
  try {
    return spawn(process.execPath, args, {
      cwd,
      env: {},
      stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
      detached,
      windowsHide: true,
    });
  } catch (error) {
    throw outsideError(
      `a process for a custom metric cannot be started (${errorCode(error)})`,
      'Give this machine more room, or the repository fewer files and symbolic links',
      error,
    );
  }
}

function processArguments({ repository, code, readable }: ProcessSettings): string[] {
  const source = runnerSource({ code, repository: pathToFileURL(repository).href, answers: ANSWERS });
  return [
    '--permission',
    ...readable.map((pattern) => `--allow-fs-read=${pattern}`),
    // SQLite opens files past the permission model.
    '--no-experimental-sqlite',
    `--max-old-space-size=${HEAP_MEGABYTES}`,
    '--no-warnings',
    '--input-type=module',
    '--eval',
    source,
  ];
}

/**
 * Kills the process when ours is gone, killed ones included: the end of its standard input tells it so, but code in an
 * endless loop never looks. Windows ends it by itself.
 */
function guardAgainstOrphan({ pid }: ChildProcess): ChildProcess | null {
  if (process.platform === 'win32' || pid === undefined) return null;
  const script = 'read -r _; kill -9 "$1"';
  const guard = spawn('/bin/sh', ['-c', script, 'sh', String(pid)], {
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
    detached,
  });
  // Without a shell, the end of its standard input has to do.
  guard.on('error', () => {});
  return guard;
}

/** The end of what it wrote to stderr, where Node says what it died of. */
function keepLastWords({ stderr }: ChildProcess): () => string {
  let words = '';
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-4096);
  });
  return () => words;
}

function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
    if (rest.length > LONGEST_ANSWER) onLine(rest);
  });
}

function readMessage(line: string): ProcessMessage | null {
  if (line.length > LONGEST_ANSWER) return null;
  try {
    return processMessage.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

function howItEnded(code: number | null, signal: NodeJS.Signals | null, lastWords: string): string {
  if (lastWords.includes('heap out of memory')) return `ran out of memory (${HEAP_MEGABYTES} MB)`;
  return code === null ? `its process was ended by ${signal}` : `ended its process with exit code ${code}`;
}
