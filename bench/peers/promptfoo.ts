import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { type Contender, concurrency } from './contender.ts';
import type { Rows } from './rows.ts';

export const promptfooVersion = '0.123.1';

const home = path.join(tmpdir(), 'promptline-peers', `promptfoo-${promptfooVersion}`);
const packages = path.join(home, 'node_modules');
const entry = path.join(packages, 'promptfoo', 'dist', 'src', 'entrypoint.js');

/** Installs promptfoo into a temporary folder, unless an earlier run did: 2 GB, some minutes. */
export function installPromptfoo(): void {
  // npm writes this file last.
  if (existsSync(path.join(packages, '.package-lock.json'))) return;
  console.error(`Installing promptfoo ${promptfooVersion} into ${home}`);
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--save-exact', '--no-audit', '--no-fund', `promptfoo@${promptfooVersion}`];
  execFileSync('npm', args, { cwd: home, stdio: ['ignore', 'ignore', 'inherit'] });
}

export const promptfoo: Contender = (rows, port) => {
  const file = (name: string) => path.join(rows.folder, name);
  writeFileSync(file('promptfoo-tests.jsonl'), testsOf(rows));
  writeFileSync(file('promptfooconfig.yaml'), stringify(configuration(port)));
  const resultsFile = file('promptfoo-results.json');
  const files = ['-c', file('promptfooconfig.yaml'), '-o', resultsFile];
  const options = ['-j', `${concurrency}`, '--no-table', '--no-progress-bar', '--no-share'];
  return {
    forget: () => rmSync(file('promptfoo-cache'), { recursive: true, force: true }),
    command: (mode) => ({
      args: [entry, 'eval', ...files, ...options, ...(mode === 'fresh' ? ['--no-cache'] : [])],
      environment: {
        // Outside the task's folder: its database is made once, as a user's is.
        PROMPTFOO_CONFIG_DIR: path.join(rows.folder, '..', 'promptfoo-home'),
        PROMPTFOO_CACHE_PATH: file('promptfoo-cache'),
        // Its log files at times make it fail while it ends, with the results already written.
        PROMPTFOO_DISABLE_DEBUG_LOG: '1',
        PROMPTFOO_DISABLE_ERROR_LOG: '1',
        PROMPTFOO_DISABLE_TELEMETRY: '1',
        PROMPTFOO_DISABLE_UPDATE: '1',
        PROMPTFOO_DISABLE_REMOTE_GENERATION: '1',
      },
      codeOfFailedChecks: 100,
    }),
    resultsFile,
    async readResults() {
      const { results } = JSON.parse(readFileSync(resultsFile, 'utf8')) as {
        results: { stats: { successes: number; failures: number } };
      };
      const { successes, failures } = results.stats;
      return { answered: successes + failures, right: successes };
    },
  };
};

/** The rows as promptfoo's test cases; it has the other two checks pass for each, so that only the exact match decides. */
function testsOf({ file }: Rows): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const tests = lines.map((line) => {
    const { input, expected } = JSON.parse(line) as { input: { text: string }; expected: { text: string } };
    return JSON.stringify({ vars: { text: input.text, expected: expected.text } });
  });
  return `${tests.join('\n')}\n`;
}

function configuration(port: number) {
  return {
    prompts: ['{{text}}'],
    providers: [
      { id: 'openai:chat:model', config: { apiBaseUrl: `http://127.0.0.1:${port}/v1`, apiKey: 'none' } },
    ],
    tests: 'file://promptfoo-tests.jsonl',
    defaultTest: {
      assert: [
        { type: 'equals', value: '{{expected}}' },
        { type: 'regex', value: '\\S' },
        {
          type: 'javascript',
          value: 'output.trim().split(/\\s+/).length < context.vars.text.trim().split(/\\s+/).length',
        },
      ],
    },
  };
}
