import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Host } from '../../src/commands/context.ts';
import { runProgram } from '../../src/commands/program.ts';
import type { RunReport } from '../../src/reports/run-report.ts';

export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Runs one command line of promptline in this process, as if it stood in `folder`. */
export async function run(
  folder: string,
  args: readonly string[],
  {
    environment = {},
    signal = new AbortController().signal,
    now = Date.now,
  }: { environment?: Record<string, string>; signal?: AbortSignal; now?: () => number } = {},
): Promise<Ran> {
  const [out, notes]: [string[], string[]] = [[], []];
  const host: Host = {
    terminal: {
      out: (text) => out.push(text),
      note: (text) => notes.push(text),
      rewrite: null,
      color: false,
      columns: 100,
      now,
    },
    environment: { PROMPTLINE_CACHE: path.join(folder, 'cache'), ...environment },
    cwd: folder,
    signal,
  };
  const code = await runProgram(args, host);
  return { code, stdout: out.join(''), stderr: notes.join('\n') };
}

/** What a command left in its --out folder. */
export function reportIn(folder: string): RunReport {
  return JSON.parse(readFileSync(path.join(folder, 'report.json'), 'utf8'));
}

/** A report without what may differ between two runs that found the same. */
export function found({ command: _, prompts, ...report }: RunReport) {
  const lasting = prompts.map(({ elapsedMs: _elapsed, usage, metricUsage, ...prompt }) => ({
    ...prompt,
    usage: { ...usage, cached: null },
    metricUsage: { ...metricUsage, cached: null },
  }));
  return { ...report, prompts: lasting };
}
