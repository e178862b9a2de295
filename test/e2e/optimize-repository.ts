import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import type { RunReport } from '../../src/reports/run-report.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const labels = ['red', 'green', 'blue'];

/** The right answer for each text of the repository. */
export const colorAnswers: Record<string, string> = Object.fromEntries(
  ['train', 'dev', 'test'].flatMap((split) =>
    rowsOf(split).map(({ input, expected }) => [input.text, expected.color]),
  ),
);

/** Prompts of one family by name, with their models; each is worded in its own way. */
export type PromptModels = Readonly<Record<string, string>>;

/** A repository whose prompts ask a server at `address`, through providers with keys of their own. */
export function optimizeRepository(address: string, prompts: PromptModels) {
  const root = mkdtempSync(path.join(tmpdir(), 'promptline optimize '));
  const write = (file: string, content: unknown) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), typeof content === 'string' ? content : stringify(content));
  };
  const provider = (apiKeyEnv: string) => ({
    type: 'openai-compatible',
    baseUrl: `${address}/v1`,
    apiKeyEnv,
    price: { input: 100, output: 400 },
  });
  write('promptline.yaml', {
    version: 1,
    concurrency: 4,
    providers: { local: provider('LOCAL_KEY'), other: provider('OTHER_KEY') },
    composites: { safe: { type: 'fallback', models: ['local/model', 'other/model'] } },
    families: {
      colors: {
        datasets: 'datasets/colors',
        metrics: { accuracy: { use: 'label_accuracy', field: 'color', weight: 1 } },
        optimize: { calls: 300, maxDemonstrations: 9, ablation: 0 },
      },
    },
  });
  for (const [name, model] of Object.entries(prompts)) {
    write(`prompts/colors/${name}.prompt.yaml`, {
      version: '1.0.0',
      model,
      modelParameters: { temperature: 0, maxTokens: 5 },
      output: { format: 'label', field: 'color', labels },
      messages: [
        { role: 'system', content: `Name the color, prompt ${name}.` },
        { role: 'user', content: 'Text: {{text}}' },
      ],
    });
  }
  for (const split of ['train', 'dev', 'test'])
    write(`datasets/colors/${split}.yaml`, { examples: rowsOf(split) });
  return {
    root,
    write,
    read: (file: string) => readFileSync(path.join(root, file), 'utf8'),
    /** Starts the built command line in the repository. */
    start: (args: readonly string[], keys: Record<string, string> = rightKeys) => start(root, args, keys),
    run: (args: readonly string[], keys: Record<string, string> = rightKeys) => start(root, args, keys).ended,
    report: (folder: string): RunReport =>
      JSON.parse(readFileSync(path.join(root, folder, 'report.json'), 'utf8')),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

const rightKeys = { LOCAL_KEY: 'right', OTHER_KEY: 'right' };

function start(root: string, args: readonly string[], keys: Record<string, string>) {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], PROMPTLINE_CACHE: path.join(root, 'cache'), ...keys },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  return { child, ended };
}

/** What a run found of each prompt, without its times and without what came from the store. */
export function foundIn({ proposals = [] }: RunReport) {
  return proposals.map(({ id, accepted, reason, to, search, messages, comparison, usage }) => ({
    ...{ id, accepted, reason, to, search, messages },
    objective: comparison?.objective,
    // Sums of what many calls cost depend on their order in the last digits.
    usage: { ...usage, cached: null, usd: usage.usd?.toFixed(9) },
  }));
}

function rowsOf(split: string) {
  const count = split === 'test' ? 60 : 24;
  return Array.from({ length: count }, (_, index) => ({
    id: `${split}-${index}`,
    input: { text: `${split} thing number ${index} of ${count}` },
    expected: { color: labels[index % 3] ?? '' },
  }));
}
