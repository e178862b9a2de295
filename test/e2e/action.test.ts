import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startProtocolServer } from '../protocol-server/server.ts';
import { labelAnswers, labelRepository } from './label-repository.ts';

const action = path.resolve(import.meta.dirname, '../../dist/action.js');

/** Runs the Action as a runner does: inputs and files by environment variables. */
async function runAction(cwd: string, inputs: Record<string, string>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'promptline-action-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = {
    GITHUB_OUTPUT: path.join(folder, 'output'),
    GITHUB_STEP_SUMMARY: path.join(folder, 'summary'),
  };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const child = spawn(process.execPath, [action], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: folder, ...files, ...Object.fromEntries(given) },
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  const [code] = await once(child, 'close');
  return {
    code,
    stdout: Buffer.concat(chunks).toString(),
    output: readFileSync(files.GITHUB_OUTPUT, 'utf8'),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
  };
}

async function repository() {
  const server = await startProtocolServer({ answers: { rule: 'skill', labels: labelAnswers, start: 0.6 } });
  const { root, remove } = labelRepository(server.address, { calls: 400 });
  onTestFinished(async () => {
    await server.close();
    remove();
  });
  return root;
}

it('evaluate writes the report to the job summary and names its file', async () => {
  const root = await repository();
  const { code, output, summary } = await runAction(root, {
    command: 'evaluate',
    limit: '20',
    out: 'results',
  });
  expect(code).toBe(0);
  expect(output).toContain(path.join('results', 'report.json'));
  expect(output).toMatch(/exit-code<<(\S+)\n0\n\1/);
  expect(summary).toMatch(/^> \[!(NOTE|WARNING)\]/);
  expect(summary).toContain('accuracy');
});

it('a mistake in a file fails the step with its place', async () => {
  const root = await repository();
  writeFileSync(path.join(root, 'promptline.yaml'), 'version: 1\nfamilis: {}\n');
  const { code, stdout } = await runAction(root, { command: 'check' });
  expect(code).toBe(1);
  expect(stdout).toContain('promptline.yaml:2:1: unknown key "familis". Did you mean "families"?');
  expect(stdout).toContain('::error::promptline check ended with exit code 2');
});
