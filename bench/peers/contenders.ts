import { createReadStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { stringify } from 'yaml';
import { type Contender, concurrency, type Results } from './contender.ts';
import type { Rows } from './rows.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const script = path.join(import.meta.dirname, 'fetch-loop.mjs');

export const promptline: Contender = (rows, port) => {
  const prompts = path.join(rows.folder, 'prompts', 'echo');
  const out = path.join(rows.folder, 'promptline-results');
  const resultsFile = path.join(out, 'results', 'echo', 'default.jsonl');
  mkdirSync(prompts, { recursive: true });
  writeFileSync(path.join(rows.folder, 'promptline.yaml'), stringify(configuration(rows, port)));
  writeFileSync(path.join(prompts, 'default.prompt.yaml'), stringify(prompt));
  const options = ['--root', rows.folder, '--out', out, '--concurrency', `${concurrency}`, '--json'];
  return {
    forget: () => rmSync(path.join(rows.folder, '.promptline'), { recursive: true, force: true }),
    command: () => ({ args: [cli, 'evaluate', ...options] }),
    resultsFile,
    readResults: () =>
      readLines<{ scores: { exact_match: { value: number } } }>(
        resultsFile,
        ({ scores }) => scores.exact_match.value,
      ),
  };
};

export const fetchLoop: Contender = (rows, port) => {
  const resultsFile = path.join(rows.folder, 'loop-results.jsonl');
  return {
    forget: () => {},
    command: () => ({ args: [script, rows.file, `${port}`, `${concurrency}`, resultsFile] }),
    resultsFile,
    readResults: () =>
      readLines<{ scores: { exact_match: number } }>(resultsFile, ({ scores }) => scores.exact_match),
  };
};

const prompt = {
  version: '1.0.0',
  output: { format: 'text', field: 'text' },
  messages: [{ role: 'user', content: '{{text}}' }],
};

function configuration({ file, folder }: Rows, port: number) {
  return {
    version: 1,
    models: { task: 'local/model' },
    providers: { local: { type: 'openai-compatible', baseUrl: `http://127.0.0.1:${port}/v1` } },
    families: {
      echo: {
        datasets: { test: path.relative(folder, file) },
        metrics: {
          exact_match: { field: 'text', weight: 0.5 },
          format_compliance: { weight: 0.3 },
          compression_ratio: { source: 'text', weight: 0.2 },
        },
      },
    },
  };
}

async function readLines<Line>(file: string, exactMatch: (line: Line) => number): Promise<Results> {
  let answered = 0;
  let right = 0;
  for await (const text of createInterface({ input: createReadStream(file) })) {
    answered += 1;
    right += exactMatch(JSON.parse(text) as Line);
  }
  return { answered, right };
}
