import type { Host } from './context.ts';
import { runProgram } from './program.ts';

/** The command line: runs this process's arguments and sets its exit code. */
export async function runCli(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', passOverLeftReader);
  process.exitCode = await runProgram(process.argv.slice(2), {
    terminal: {
      out: (text) => void process.stdout.write(text),
      note: (text) => void process.stderr.write(`${text}\n`),
      rewrite: process.stderr.isTTY ? (line) => void process.stderr.write(`\r\u001b[2K${line}`) : null,
      color: Boolean(process.stdout.isTTY) && !process.env['NO_COLOR'],
      columns: process.stdout.columns ?? 100,
      now: Date.now,
    },
    environment: process.env,
    cwd: process.cwd(),
    signal: abortOnSignals(),
  });
}

/** Whoever reads may leave, as `head` does: what was asked for is done all the same. */
function passOverLeftReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** The first Ctrl-C ends the run in order, the second at once. */
export function abortOnSignals(): Host['signal'] {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return controller.signal;
}
