import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startProtocolServer } from '../protocol-server/server.ts';
import { contents, promptline, repository, testTexts } from './command-line.ts';

async function answering(changes: Parameters<typeof repository>[0] = {}) {
  const labels = Object.fromEntries(testTexts.map((text) => [text, 'good']));
  const server = await startProtocolServer({ answers: { rule: 'labels', labels } });
  onTestFinished(() => server.close());
  return repository({
    'promptline.yaml': (text) => text.replace('http://127.0.0.1:9', server.address),
    ...changes,
  });
}

/** The one JSON document on stdout: one line, and nothing else. */
function document(stdout: string) {
  expect(stdout).toMatch(/^\{.*\}\n$/);
  return JSON.parse(stdout);
}

describe('--json', () => {
  it('of evaluate is the report, alone on stdout, and is what --out holds', async () => {
    const folder = await answering();
    const args = ['evaluate', 'mood/default', '--json', '--out', 'out'];
    const { code, stdout, stderr } = await promptline(folder, args);
    const report = document(stdout);
    expect(report).toMatchObject({
      schema: 1,
      command: `promptline ${args.join(' ')}`,
      prompts: [
        {
          id: 'mood/default',
          version: '1.0.0',
          model: 'local/echo',
          dataset: { path: 'data/mood/test.yaml', split: 'test', n: 4 },
          metrics: { accuracy: { mean: 0.5, n: 4, missing: 0 } },
          usage: { calls: 4, cached: 0 },
          failures: [],
        },
      ],
    });
    expect(JSON.parse(readFileSync(path.join(folder, 'out/report.json'), 'utf8'))).toEqual(report);
    expect(Object.keys(contents(path.join(folder, 'out')))).toEqual([
      'report.html',
      'report.json',
      'report.md',
      'results/mood/default.jsonl',
    ]);
    expect(stderr).toContain('out/report.html');
    expect(code).toBe(0);
  });

  it('of a second run says that the answers came from the store, and scores the same', async () => {
    const folder = await answering();
    const run = async () => document((await promptline(folder, ['evaluate', '--json'])).stdout).prompts[0];
    const [first, second] = [await run(), await run()];
    expect(second.usage).toMatchObject({ calls: 4, cached: 4 });
    expect(second.metrics).toEqual(first.metrics);
    expect(second.dataset.digest).toBe(first.dataset.digest);
  });

  it('of report repeats the report', async () => {
    const folder = await answering();
    const { stdout } = await promptline(folder, ['evaluate', '--json', '--out', 'out']);
    expect(document((await promptline(folder, ['report', 'out', '--json'])).stdout)).toEqual(
      document(stdout),
    );
  });

  it('of check lists errors with their places, and people read them on stderr', async () => {
    const folder = repository({ 'data/mood/test.yaml': (text) => text.replace('test-3', 'test-1') });
    const { code, stdout, stderr } = await promptline(folder, ['check', '--json']);
    expect(document(stdout)).toEqual({
      schema: 1,
      prompts: 1,
      examples: 8,
      warnings: [],
      errors: [
        {
          message: 'duplicate id "test-1"',
          hint: 'The first stands in line 2; give each example its own id',
          file: 'data/mood/test.yaml',
          line: 4,
          column: 5,
        },
      ],
    });
    expect(stderr).toMatch(/^data\/mood\/test\.yaml:4:5: duplicate id .+\n$/);
    expect(code).toBe(2);
  });

  it('of check lists an error of the configuration too', async () => {
    const folder = repository({ 'promptline.yaml': 'familys: {}\n' });
    const { code, stdout } = await promptline(folder, ['check', '--json']);
    expect(document(stdout).errors).toEqual([
      {
        message: 'unknown key "familys"',
        hint: 'Did you mean "families"?',
        file: 'promptline.yaml',
        line: 1,
        column: 1,
      },
    ]);
    expect(code).toBe(2);
  });

  it.each([['check'], ['models', 'list']])('of %s %s is alone on stdout', async (...args) => {
    const { code, stdout, stderr } = await promptline(repository(), [...args, '--json']);
    expect(document(stdout)).toMatchObject({ schema: 1 });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe('for people', () => {
  it('results go to stdout and what is said on the way to stderr', async () => {
    const { code, stdout, stderr } = await promptline(await answering(), ['evaluate', '--out', 'out']);
    expect(stdout).toMatch(/mood\/default 1\.0\.0 scores 50\.0 %/);
    expect(stdout).toMatch(/out\/report\.html\n$/);
    expect(stdout + stderr).not.toContain('\u001b');
    expect(stderr).toMatch(/^mood\/default {2}4\/4.*\n$/);
    expect(code).toBe(0);
  });

  it('a gate that fails is exit code 1, said on stderr, with the report written', async () => {
    const gated = (text: string) => text.replace('weight: 1 }', 'weight: 1, gate: { min: 0.9 } }');
    const server = await startProtocolServer({ answers: { rule: 'labels', labels: { lovely: 'good' } } });
    onTestFinished(() => server.close());
    const folder = repository({
      'promptline.yaml': (text) => gated(text.replace('http://127.0.0.1:9', server.address)),
    });
    const { code, stderr } = await promptline(folder, ['evaluate', '--out', 'out']);
    expect(stderr).toMatch(/^gate failed: mood\/default: accuracy/m);
    expect(code).toBe(1);
    expect(Object.keys(contents(path.join(folder, 'out')))).toContain('report.json');
  });

  it('check says what it looked at', async () => {
    const { code, stdout, stderr } = await promptline(repository(), ['check']);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: '1 prompt and 12 examples: no errors.\n',
      stderr: '',
    });
  });

  it('the help of each command shows how to begin, and its defaults as a person writes them', async () => {
    const folder = repository();
    const help = async (words: readonly string[]): Promise<string[]> => {
      const { code, stdout, stderr } = await promptline(folder, [...words, '--help']);
      expect(stdout).toMatch(/^Usage: promptline/);
      expect(stdout).toMatch(/^Examples?:\n {2}\$ promptline \w+/m);
      expect(stdout).not.toMatch(/default:\s+(?:\{|\d{5})/);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const [, listed = ''] = /^Commands:\n((?: .*\n)+)/m.exec(stdout) ?? [];
      const names = [...listed.matchAll(/^ {2}(\w+)/gm)].flatMap(([, name = '']) => name);
      const inner = names.filter((name) => name !== 'help').map((name) => help([...words, name]));
      return [words.join(' '), ...(await Promise.all(inner)).flat()];
    };
    const seen = await help([]);
    expect(seen).toEqual(expect.arrayContaining(['evaluate', 'models pull', 'rollout plan', 'feedback add']));
  });

  it('a reader that leaves, as head does, keeps nothing from being done', async () => {
    const folder = await answering();
    const shell = 'exec > >(exec true); sleep 0.3';
    const { code, stderr } = await promptline(folder, ['evaluate', '--json', '--out', 'out'], { shell });
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('EPIPE') });
    const report = JSON.parse(readFileSync(path.join(folder, 'out/report.json'), 'utf8'));
    expect(report).toMatchObject({ prompts: [{ id: 'mood/default' }] });
  });

  it('the version is the one of the package', async () => {
    const file = path.resolve(import.meta.dirname, '../../package.json');
    const { version } = JSON.parse(readFileSync(file, 'utf8'));
    expect(await promptline(repository(), ['--version'])).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
  });
});
