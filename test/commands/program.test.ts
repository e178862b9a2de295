import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Host } from '../../src/commands/context.ts';
import { runProgram } from '../../src/commands/program.ts';
import { labelAnswers, labelRepository } from '../e2e/label-repository.ts';
import { startProtocolServer } from '../protocol-server/server.ts';

/** A host whose terminal keeps what is written to it. */
function recordingHost(root: string, { tty = false } = {}) {
  const out: string[] = [];
  const notes: string[] = [];
  const lines: string[] = [];
  let time = 0;
  const abort = new AbortController();
  const host: Host = {
    terminal: {
      out: (text) => out.push(text),
      note: (text) => notes.push(text),
      rewrite: tty ? (line) => lines.push(line) : null,
      color: false,
      columns: 100,
      now: () => (time += 5_000),
    },
    environment: { PROMPTLINE_CACHE: path.join(root, 'cache') },
    cwd: root,
    signal: abort.signal,
  };
  return { host, out, notes, lines, abort };
}

async function repositoryWithServer(skill: { start: number; gain: number }) {
  const server = await startProtocolServer({ answers: { rule: 'skill', labels: labelAnswers, ...skill } });
  const repository = labelRepository(server.address, { calls: 400 });
  onTestFinished(async () => {
    await server.close();
    repository.remove();
  });
  return { root: repository.root, server };
}

describe('optimize', () => {
  it('writes the better version and its report, tells what it did, and leaves the prompt file alone', async () => {
    const { root } = await repositoryWithServer({ start: 0.2, gain: 0.08 });
    const { host, out, lines } = recordingHost(root, { tty: true });
    const before = readFileSync(path.join(root, 'prompts/colors/default.prompt.yaml'), 'utf8');
    expect(await runProgram(['optimize', 'colors/default', '--out', path.join(root, 'out')], host)).toBe(0);
    const text = out.join('');
    expect(text).toMatch(/^Improvement\n/);
    expect(text).toMatch(/1\.0\.0 → 1\.1\.0/);
    expect(text).toMatch(/New version {2}\S+default\.prompt\.yaml/);
    expect(readFileSync(path.join(root, 'out/prompts/colors/default.prompt.yaml'), 'utf8')).toContain(
      'version: 1.1.0',
    );
    expect(readFileSync(path.join(root, 'prompts/colors/default.prompt.yaml'), 'utf8')).toBe(before);
    expect(lines.some((line) => /colors\/default: search {2}\d+\/\d+.*\/s/.test(line))).toBe(true);
  });

  it('with --write replaces the prompt file, and the next version is found fine by check', async () => {
    const { root } = await repositoryWithServer({ start: 0.2, gain: 0.08 });
    const { host } = recordingHost(root);
    expect(await runProgram(['optimize', '--write', '--out', path.join(root, 'out')], host)).toBe(0);
    expect(readFileSync(path.join(root, 'prompts/colors/default.prompt.yaml'), 'utf8')).toContain(
      'version: 1.1.0',
    );
    expect(await runProgram(['check'], host)).toBe(0);
  });

  it('says "no improvement" and writes no prompt when demonstrations teach nothing', async () => {
    const { root } = await repositoryWithServer({ start: 0.5, gain: 0 });
    const { host, out } = recordingHost(root);
    expect(await runProgram(['optimize', '--out', path.join(root, 'out')], host)).toBe(0);
    expect(out.join('')).toMatch(/No improvement/);
    expect(existsSync(path.join(root, 'out/prompts'))).toBe(false);
    expect(existsSync(path.join(root, 'out/report.html'))).toBe(true);
  });
});

describe('evaluate', () => {
  it('measures, reports, and report writes the same pages again', async () => {
    const { root } = await repositoryWithServer({ start: 0.6, gain: 0.1 });
    const folder = path.join(root, 'out');
    const { host, out, notes } = recordingHost(root);
    expect(await runProgram(['evaluate', '--limit', '30', '--out', folder, '--json'], host)).toBe(0);
    const report = JSON.parse(out.join(''));
    expect(report.prompts[0]).toMatchObject({
      id: 'colors/default',
      dataset: { n: 30 },
      usage: { calls: 30 },
    });
    expect(notes.join('\n')).toContain('report.html');
    const page = readFileSync(path.join(folder, 'report.html'), 'utf8');
    writeFileSync(path.join(folder, 'report.html'), '');
    expect(await runProgram(['report', folder], host)).toBe(0);
    expect(readFileSync(path.join(folder, 'report.html'), 'utf8')).toBe(page);
  });

  it('fails with exit code 1 when a gate fails', async () => {
    const { root } = await repositoryWithServer({ start: 0.3, gain: 0 });
    const file = path.join(root, 'promptline.yaml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('weight: 1', 'weight: 1\n        gate: { min: 0.9 }'),
    );
    const { host, notes } = recordingHost(root);
    expect(await runProgram(['evaluate', '--out', path.join(root, 'out')], host)).toBe(1);
    expect(notes.join('\n')).toMatch(/gate failed: colors\/default: accuracy is 0\.\d+, below/);
  });

  it('ends in order when it is stopped, and says how to go on', async () => {
    const { root } = await repositoryWithServer({ start: 0.3, gain: 0 });
    const { host, notes, abort } = recordingHost(root);
    abort.abort();
    expect(await runProgram(['evaluate', '--out', path.join(root, 'out')], host)).toBe(3);
    expect(notes.join('\n')).toMatch(/Stopped\. Answers so far are kept/);
  });
});

describe('models', () => {
  it('list says what is not installed and how to install it', async () => {
    const { root } = await repositoryWithServer({ start: 0.3, gain: 0 });
    const { host, out } = recordingHost(root);
    expect(await runProgram(['models', 'list'], host)).toBe(0);
    expect(out.join('')).toContain('embedded/tinyllama-1.1b-chat  not installed: promptline models pull');
    expect(await runProgram(['models', 'list', '--json'], host)).toBe(0);
    expect(JSON.parse(out.at(-1) ?? '').models[0]).toMatchObject({ installed: false, verifiedAt: null });
  });
});

it('the version is the one of package.json', async () => {
  const { host, out } = recordingHost('.');
  expect(await runProgram(['--version'], host)).toBe(0);
  const manifest = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8'));
  expect(out.join('').trim()).toBe(manifest.version);
});
