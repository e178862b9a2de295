/**
 * How long the Action takes from the start of its process to its first request, against `node -e` that fetches the same address:
 *
 *   npm run bench:cold-start
 *
 * Medians of 20 runs each, taken in turn, so that what else the machine does falls on all alike. The first request is one to the model, or,
 * on a pull request, the one that asks GitHub. Beside the time by the clock stands the processor's, which a busy machine does not stretch
 * as much; only Linux tells it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';

type Start = { readonly clockMs: number; readonly processorMs: number };

const runs = 20;
const targetMs = 500;
const action = path.resolve(import.meta.dirname, '../dist/action.js');
const folder = mkdtempSync(path.join(tmpdir(), 'promptline-cold-start-'));
/** Called when a request comes in; nothing is answered, whoever asks is stopped. */
let arrived = () => {};
const server = createServer(() => arrived());
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const { PATH } = process.env;
const job = { PATH, HOME: folder, INPUT_COMMAND: 'evaluate', GITHUB_ACTIONS: 'true' };
const pullRequest = {
  ...job,
  'INPUT_GITHUB-TOKEN': 'token',
  GITHUB_REPOSITORY: 'octo/app',
  GITHUB_API_URL: address,
  GITHUB_EVENT_NAME: 'pull_request',
  GITHUB_EVENT_PATH: path.join(folder, 'event.json'),
};
const contestants: Readonly<Record<string, () => ChildProcess>> = {
  'node -e fetch': () => node(['-e', `fetch('${address}')`], { PATH }),
  'the Action, to the model': () => node([action], job),
  'the Action on a pull request, to GitHub': () => node([action], pullRequest),
};

try {
  writeRepository();
  const times = new Map(Object.keys(contestants).map((name) => [name, [] as Start[]]));
  for (let run = 0; run < runs; run += 1)
    for (const [name, start] of Object.entries(contestants)) times.get(name)?.push(await timeOf(start));
  const bare = median((times.get('node -e fetch') ?? []).map(({ clockMs }) => clockMs));
  console.log(
    `| process start to first request, median of ${runs} | ms | ratio | below ${targetMs} ms | processor ms |`,
  );
  console.log('| --- | --- | --- | --- | --- |');
  for (const [name, each] of times) {
    const ms = median(each.map(({ clockMs }) => clockMs));
    const cpu = median(each.map(({ processorMs }) => processorMs));
    console.log(
      `| ${name} | ${ms.toFixed(0)} | ${(ms / bare).toFixed(2)} | ${ms < targetMs ? 'yes' : 'no'} | ${cpu.toFixed(0)} |`,
    );
  }
} finally {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}

function node(args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore' });
}

/** From the start of a process to its first request. */
async function timeOf(start: () => ChildProcess): Promise<Start> {
  const started = performance.now();
  const request = new Promise<void>((resolve) => (arrived = resolve));
  const child = start();
  const ended = once(child, 'close');
  const first = await Promise.race([request.then(() => 'request'), ended.then(() => 'end')]);
  const time = { clockMs: performance.now() - started, processorMs: processorMs(child) };
  if (first === 'end') throw new Error(`${child.spawnargs.join(' ')} ended without a request`);
  child.kill('SIGKILL');
  await ended;
  return time;
}

/** User and system time of a process, in the hundredths of a second in which Linux counts; NaN elsewhere. */
function processorMs({ pid }: ChildProcess): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return Number.NaN;
  // After the name, which stands in brackets, come the third field and the others.
  const fields = readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2;
}

/** One prompt with one row, and the event of a pull request. */
function writeRepository(): void {
  const write = (file: string, content: string) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  };
  write(
    'promptline.yaml',
    stringify({
      version: 1,
      models: { task: 'local/model' },
      providers: { local: { type: 'openai-compatible', baseUrl: `${address}/v1` } },
      families: { words: { datasets: 'datasets/words', metrics: { exact_match: { field: 'answer' } } } },
    }),
  );
  write(
    'prompts/words/default.prompt.yaml',
    stringify({
      version: '1.0.0',
      output: { format: 'text', field: 'answer' },
      messages: [{ role: 'user', content: '{{text}}' }],
    }),
  );
  write(
    'datasets/words/test.yaml',
    stringify({ examples: [{ id: 'a', input: { text: 'a' }, expected: { answer: 'a' } }] }),
  );
  const side = (ref: string) => ({ sha: '0'.repeat(40), ref, repo: { full_name: 'octo/app' } });
  write(
    'event.json',
    JSON.stringify({
      pull_request: { number: 1, head: side('topic'), base: side('main') },
      repository: { full_name: 'octo/app' },
    }),
  );
}
