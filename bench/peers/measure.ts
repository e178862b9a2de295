import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command, Task } from './contender.ts';
import type { Rows } from './rows.ts';

/** A whole process: wall clock from outside, start-up included, and the peaks of its own and its children's memory together. */
export type Measured = { readonly seconds: number; readonly megabytes: number };

const recorder = path.join(import.meta.dirname, 'record-peak.cjs');

/** Each task in turn, `runs` times over, so that a change of the machine's load meets all of them; the medians of each. */
export async function measureFresh<Name extends string>(
  tasks: Readonly<Record<Name, Task>>,
  rows: Rows,
  runs: number,
): Promise<Record<Name, Measured>> {
  const names = Object.keys(tasks) as Name[];
  const measured = names.map((): Measured[] => []);
  for (let run = 0; run < runs; run++) {
    for (const [index, name] of names.entries()) {
      tasks[name].forget();
      measured[index]?.push(await measureChecked(tasks[name], rows, 'fresh'));
    }
  }
  return Object.fromEntries(names.map((name, index) => [name, medians(measured[index] ?? [])])) as Record<
    Name,
    Measured
  >;
}

/** A task whose answers are kept from an unmeasured run before. */
export async function measureRepeat(task: Task, rows: Rows, runs: number): Promise<Measured> {
  await measureChecked(task, rows, 'repeat');
  const measured: Measured[] = [];
  for (let run = 0; run < runs; run++) measured.push(await measureChecked(task, rows, 'repeat'));
  return medians(measured);
}

/** Throws when the process failed or left other results than the rows lead to. */
async function measureChecked(task: Task, rows: Rows, mode: 'fresh' | 'repeat'): Promise<Measured> {
  rmSync(task.resultsFile, { force: true });
  const measured = measure(task.command(mode));
  const { answered, right } = await task.readResults();
  if (answered === rows.n && right === rows.right) return measured;
  throw new Error(
    `${answered} of ${rows.n} rows have results, ${right} are right and ${rows.right} should be`,
  );
}

function measure({ args, environment, codeOfFailedChecks }: Command): Measured {
  const peaks = mkdtempSync(path.join(tmpdir(), 'promptline-peaks-'));
  try {
    const env = {
      ...process.env,
      ...environment,
      NODE_OPTIONS: `--require ${JSON.stringify(recorder)}`,
      PEAK_FOLDER: peaks,
    };
    const started = performance.now();
    const { status, signal, stderr } = spawnSync(process.execPath, args, {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const seconds = (performance.now() - started) / 1000;
    if (status !== 0 && status !== codeOfFailedChecks) {
      throw new Error(`ended with ${signal ?? status} after ${seconds.toFixed(1)} s\n${stderr.slice(-2000)}`);
    }
    const kibibytes = readdirSync(peaks).map((file) => Number(readFileSync(path.join(peaks, file), 'utf8')));
    return { seconds, megabytes: (kibibytes.reduce((sum, peak) => sum + peak, 0) * 1024) / 1e6 };
  } finally {
    rmSync(peaks, { recursive: true, force: true });
  }
}

function medians(measured: readonly Measured[]): Measured {
  return {
    seconds: median(measured.map(({ seconds }) => seconds)),
    megabytes: median(measured.map(({ megabytes }) => megabytes)),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}
