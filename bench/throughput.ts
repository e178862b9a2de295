/**
 * How close `evaluate` comes to what concurrency allows, against a local server that answers after a fixed time:
 *
 *   npm run bench:throughput
 *
 * Prints, from one run on this machine: the time of the evaluation against `examples * latency / concurrency`, a repeat of the
 * whole command from the answer store, and the peak memory of 10,000 examples.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';

const latencyMs = 50;
const concurrency = 20;
const root = path.resolve(import.meta.dirname, '..');
const cli = path.join(root, 'dist', 'cli.js');
const folder = mkdtempSync(path.join(tmpdir(), 'promptline-bench-'));
const server = spawn(process.execPath, [path.join(import.meta.dirname, 'latency-server.ts'), `${latencyMs}`]);

try {
  const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
  const { port } = JSON.parse(line) as { port: number };
  const thousand = repository('thousand', 1_000, port);
  const first = evaluate(thousand);
  const repeat = evaluate(thousand);
  const tenThousand = evaluate(repository('ten-thousand', 10_000, port));
  const bareMs = await bareLoop(1_000, port);
  const limit = (1_000 * latencyMs) / concurrency;
  console.log('| what | measured | against | ratio |');
  console.log('| --- | --- | --- | --- |');
  console.log(
    `| evaluation of 1,000 examples, ${latencyMs} ms, concurrency ${concurrency} | ${first.phaseMs} ms | ${limit} ms | ${(first.phaseMs / limit).toFixed(2)} |`,
  );
  console.log(
    `| the same against a bare fetch loop | ${first.phaseMs} ms | ${bareMs} ms | ${(first.phaseMs / bareMs).toFixed(2)} |`,
  );
  console.log(
    `| the same command from the store, whole process | ${repeat.wallMs} ms | 1000 ms | ${(repeat.wallMs / 1000).toFixed(2)} |`,
  );
  console.log(
    `| peak memory of 10,000 examples | ${tenThousand.megabytes} MB | 250 MB | ${(tenThousand.megabytes / 250).toFixed(2)} |`,
  );
} finally {
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** The same number of requests by fetch alone: what the server and this machine allow. */
async function bareLoop(count: number, port: number): Promise<number> {
  let next = 0;
  const started = performance.now();
  const worker = async () => {
    while (next < count) {
      const content = `bare request ${next++}`;
      const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'model', messages: [{ role: 'user', content }], stream: false }),
      });
      await response.json();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return Math.round(performance.now() - started);
}

/** A repository with one prompt and `count` examples. */
function repository(name: string, count: number, port: number): string {
  const at = path.join(folder, name);
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(at, file)), { recursive: true });
    writeFileSync(path.join(at, file), text);
  };
  write(
    'promptline.yaml',
    stringify({
      version: 1,
      models: { task: 'local/model' },
      providers: { local: { type: 'openai-compatible', baseUrl: `http://127.0.0.1:${port}/v1` } },
      families: {
        echo: { datasets: { test: 'test.jsonl' }, metrics: { exact_match: { field: 'text', weight: 1 } } },
      },
    }),
  );
  write(
    'prompts/echo/default.prompt.yaml',
    stringify({ version: '1.0.0', messages: [{ role: 'user', content: '{{text}}' }] }),
  );
  const rows = Array.from({ length: count }, (_, index) => ({
    id: `row-${index}`,
    input: { text: `sentence number ${index}, of a length that is usual for a question someone asks` },
    expected: { text: `sentence number ${index}` },
  }));
  write('test.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  return at;
}

/** Runs the command: its time from the outside, the evaluation's own from its report, and the peak of its memory. */
function evaluate(at: string): { phaseMs: number; wallMs: number; megabytes: number } {
  const measure = path.join(folder, 'measure.mjs');
  writeFileSync(
    measure,
    `process.on('exit', () => console.error('PEAK ' + process.resourceUsage().maxRSS));\n`,
  );
  const started = performance.now();
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      '--import',
      measure,
      cli,
      'evaluate',
      '--root',
      at,
      '--out',
      path.join(at, 'out'),
      '--concurrency',
      `${concurrency}`,
      '--json',
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const wallMs = Math.round(performance.now() - started);
  if (status !== 0) throw new Error(stderr);
  const { prompts } = JSON.parse(stdout) as { prompts: [{ elapsedMs: number }] };
  const kilobytes = Number(/PEAK (\d+)/.exec(stderr)?.[1]);
  return { phaseMs: Math.round(prompts[0].elapsedMs), wallMs, megabytes: Math.round(kilobytes / 1000) };
}
