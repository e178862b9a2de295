/**
 * promptline beside promptfoo and beside a bare fetch loop, on one local server in one run:
 *
 *   npm run bench:peers -- [--quick] [--with-promptfoo-100k]
 *
 * Whole processes, start-up included, medians of several runs; three checks on each row, 20 requests at once. Prints one Markdown
 * table. `--quick` runs most things once and 10,000 rows in place of 100,000. promptfoo takes minutes for 100,000 rows and may not
 * come through; it is asked only with `--with-promptfoo-100k`. Its first use installs it into a temporary folder.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { fetchLoop, promptline } from './peers/contenders.ts';
import { type Measured, measureFresh, measureRepeat } from './peers/measure.ts';
import { installPromptfoo, promptfoo, promptfooVersion } from './peers/promptfoo.ts';
import { type Rows, writeRows } from './peers/rows.ts';
import { type Line, markdownTable } from './peers/table.ts';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    'with-promptfoo-100k': { type: 'boolean', default: false },
  },
});
const runs = flags.quick ? 1 : 5;
const manyRuns = flags.quick ? 1 : 3;
const many = flags.quick ? 10_000 : 100_000;
/** One row is over soon, and a single run of it says little. */
const startUpRuns = 5;

type Server = { readonly port: number; stop(): void };

installPromptfoo();
const folder = mkdtempSync(path.join(tmpdir(), 'promptline-bench-'));
const instant = await startServer(0);
const slower = await startServer(20);
try {
  const lines = [
    ...(await oneRow()),
    ...(await thousandRows()),
    ...(await thousandRowsSlower()),
    ...(await thousandRowsRepeated()),
    ...(await manyRows()),
    ...(await tenThousandRowsRepeated()),
  ];
  console.log(markdownTable(lines));
  const machine = `${availableParallelism()} cores, ${process.platform} ${process.arch}, Node ${process.version}`;
  const medians = `medians of ${runs} runs, of ${startUpRuns} for one row, of ${manyRuns} for ${shown(many)} rows`;
  console.log(`\n${machine}, promptfoo ${promptfooVersion}; ${medians}.`);
} finally {
  instant.stop();
  slower.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function oneRow(): Promise<Line[]> {
  const measured = await measureAll(writeRows(path.join(folder, 'one'), 1), instant, startUpRuns);
  return [{ what: 'one row', unit: 's', ...seconds(measured), target: { atMost: 0.4 } }];
}

async function thousandRows(): Promise<Line[]> {
  const measured = await measureAll(writeRows(path.join(folder, 'thousand'), 1_000), instant, runs);
  const what = '1,000 rows, 0 ms';
  return [
    { what, unit: 's', ...seconds(measured), target: { timesLoop: 1.6 } },
    { what: `${what}: peak memory`, unit: 'MB', ...megabytes(measured), target: { atMost: 160 } },
  ];
}

async function thousandRowsSlower(): Promise<Line[]> {
  const measured = await measureAll(writeRows(path.join(folder, 'slower'), 1_000), slower, runs);
  return [{ what: '1,000 rows, 20 ms', unit: 's', ...seconds(measured), target: { timesLoop: 1.3 } }];
}

async function thousandRowsRepeated(): Promise<Line[]> {
  const rows = writeRows(path.join(folder, 'repeated'), 1_000);
  const measured = {
    promptline: await measureRepeat(promptline(rows, instant.port), rows, runs),
    loop: null,
    promptfoo: await measureRepeat(promptfoo(rows, instant.port), rows, runs),
  };
  const what = '1,000 rows again, from the store or cache';
  return [{ what, unit: 's', ...seconds(measured), target: { atMost: 1 } }];
}

async function manyRows(): Promise<Line[]> {
  const rows = writeRows(path.join(folder, 'many'), many);
  const tasks = { promptline: promptline(rows, instant.port), loop: fetchLoop(rows, instant.port) };
  const measured = {
    ...(await measureFresh(tasks, rows, manyRuns)),
    promptfoo: flags['with-promptfoo-100k'] ? await manyRowsOfPromptfoo(rows) : null,
  };
  const what = `${shown(many)} rows, 0 ms`;
  const onDisk = {
    promptline: (await tasks.promptline.readResults()).answered,
    loop: (await tasks.loop.readResults()).answered,
    promptfoo: null,
  };
  return [
    { what, unit: 's', ...seconds(measured), target: { timesLoop: 2.5 } },
    { what: `${what}: peak memory`, unit: 'MB', ...megabytes(measured), target: { atMost: 400 } },
    { what: `${what}: results on disk`, unit: 'rows', ...onDisk, target: { exactly: many } },
  ];
}

/** Once; null when it did not come through, which stderr then explains. */
async function manyRowsOfPromptfoo(rows: Rows): Promise<Measured | null> {
  try {
    return (await measureFresh({ promptfoo: promptfoo(rows, instant.port) }, rows, 1)).promptfoo;
  } catch (error) {
    console.error('promptfoo did not come through:', error);
    return null;
  }
}

async function tenThousandRowsRepeated(): Promise<Line[]> {
  const rows = writeRows(path.join(folder, 'ten-thousand'), 10_000);
  const measured = {
    promptline: await measureRepeat(promptline(rows, instant.port), rows, manyRuns),
    loop: null,
    promptfoo: null,
  };
  const what = '10,000 rows again, from the store';
  return [{ what, unit: 's', ...seconds(measured), target: { atMost: 3 } }];
}

type Compared<Value> = {
  readonly promptline: Value;
  readonly loop: Value | null;
  readonly promptfoo: Value | null;
};

function measureAll(rows: Rows, { port }: Server, times: number): Promise<Compared<Measured>> {
  const tasks = {
    promptline: promptline(rows, port),
    loop: fetchLoop(rows, port),
    promptfoo: promptfoo(rows, port),
  };
  return measureFresh(tasks, rows, times);
}

function seconds({ promptline, loop, promptfoo }: Compared<Measured>): Compared<number> {
  return {
    promptline: promptline.seconds,
    loop: loop?.seconds ?? null,
    promptfoo: promptfoo?.seconds ?? null,
  };
}

function megabytes({ promptline, loop, promptfoo }: Compared<Measured>): Compared<number> {
  return {
    promptline: promptline.megabytes,
    loop: loop?.megabytes ?? null,
    promptfoo: promptfoo?.megabytes ?? null,
  };
}

async function startServer(latencyMs: number): Promise<Server> {
  const script = path.join(import.meta.dirname, 'latency-server.ts');
  const server = spawn(process.execPath, [script, `${latencyMs}`]);
  const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  const { port } = JSON.parse(line) as { port: number };
  return { port, stop: () => void server.kill() };
}

function shown(count: number): string {
  return count.toLocaleString('en');
}
