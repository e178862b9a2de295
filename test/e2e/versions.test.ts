import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatMessage } from '../protocol-server/answers.ts';
import { type ProtocolServer, startProtocolServer } from '../protocol-server/server.ts';
import { type FamiliesRepository, familiesRepository } from './families-repository.ts';
import { reportIn, run } from './in-process.ts';

const cli = path.resolve(import.meta.dirname, '../../dist/cli.js');
const concurrency = 4;
const labels = ['red', 'green', 'blue'];
const rows = Array.from({ length: 1_100 }, (_, index) => ({
  id: `row-${index}`,
  input: { text: `thing ${index} of many` },
  expected: { color: labels[index % 3] ?? '' },
  tags: index < 1_000 ? ['harvested', `asked:2026-${index < 500 ? '10' : '11'}`] : [],
}));

/** The wording of each version, and the rows it answers wrongly. */
const wordings: Readonly<Record<string, { says: string; isWrong: (index: number) => boolean }>> = {
  '1.0.0': { says: 'Which color?', isWrong: (index) => index % 10 < 3 },
  '1.1.0': { says: 'Name the color that you see.', isWrong: (index) => index % 10 === 7 || index % 50 === 1 },
  '1.2.0': { says: 'Tell me the color.', isWrong: (index) => index % 10 === 8 },
};

function answer(messages: readonly ChatMessage[]): string {
  const [system, user] = messages;
  const index = Number(/thing (\d+)/.exec(user?.content ?? '')?.[1]);
  const wording = Object.values(wordings).find(({ says }) => says === system?.content);
  return labels[(index + (wording?.isWrong(index) ? 1 : 0)) % 3] ?? '';
}

let server: ProtocolServer;
let repository: FamiliesRepository;
beforeAll(async () => {
  server = await startProtocolServer({}, 0, answer);
  repository = familiesRepository(server.address, { below: 'shop' });
  const lines = (of: readonly object[]) => of.map((row) => `${JSON.stringify(row)}\n`).join('');
  repository.remove('datasets/colors/train.yaml');
  repository.write('datasets/colors/train.jsonl', lines(rows));
  const waiting = rows
    .slice(995, 1_005)
    .map(({ expected: _, ...row }) => ({ ...row, id: `waits-${row.id}` }));
  repository.write('datasets/colors/unlabelled.jsonl', lines(waiting));
  let says = 'Name the color.';
  for (const [version, wording] of Object.entries(wordings)) {
    repository.edit('prompts/colors/default.prompt.yaml', says, wording.says);
    says = wording.says;
    repository.commit(version);
    repository.git('tag', `prompts/colors/default@${version}`);
  }
  repository.edit('prompts/colors/default.prompt.yaml', 'Text: {{text}}', 'Text: {{question}}');
  repository.commit('a prompt that asks for something else');
  repository.git('tag', 'prompts/colors/default@2.0.0');
  repository.edit('prompts/colors/default.prompt.yaml', '{{question}}', '{{text}}');
  repository.commit('as it was');
});
afterAll(async () => {
  repository.delete();
  await server.close();
});

const all = Object.keys(wordings).join(',');

function rank(out: string, ...args: string[]) {
  return run(repository.root, [
    ...['evaluate', 'colors/default', '--split', 'train', '--tags', 'harvested', '--out', out],
    ...args,
  ]);
}

describe('released versions on the rows of a harvest', () => {
  const out = () => path.join(repository.root, 'out');

  it('are measured in one run of 1,000 rows each, which goes on after a kill and pays no answer twice', async () => {
    const args = ['--versions', '1.0.0,1.1.0', '--split', 'train', '--tags', 'harvested', '--out', out()];
    const child = spawn(
      process.execPath,
      [cli, 'evaluate', 'colors/default', ...args, '--root', repository.root],
      { stdio: 'ignore' },
    );
    while (server.delivered.length < 1_400) await delay(1);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(await rank(out(), '--versions', all)).toMatchObject({ code: 0 });
    // A process asks for a next answer once one is stored: at most as many are lost as it asks for at once.
    expect(server.delivered.length).toBeLessThanOrEqual(3_000 + concurrency);
    expect(new Set(server.delivered.map(({ content }) => content)).size).toBe(3_000);

    const { prompts, ranking } = reportIn(out());
    expect(prompts.map(({ version, dataset }) => [version, dataset.n, dataset.tags])).toEqual([
      ['1.2.0', 1_000, ['harvested']],
      ['1.1.0', 1_000, ['harvested']],
      ['1.0.0', 1_000, ['harvested']],
    ]);
    expect(ranking).toMatchObject({
      n: 1_000,
      best: null,
      waiting: { rows: 5, file: 'datasets/colors/unlabelled.jsonl' },
    });
    expect(ranking?.pairs.map(({ head, base, comparison }) => [head, base, comparison.verdict])).toEqual([
      ['1.2.0', '1.1.0', 'inconclusive'],
      ['1.2.0', '1.0.0', 'improvement'],
      ['1.1.0', '1.0.0', 'improvement'],
    ]);
    const page = readFileSync(path.join(out(), 'report.md'), 'utf8');
    expect(page).toContain('**No version is best.**');
    expect(page).toContain('1,000 train examples tagged harvested; the best may be 1.2.0 or 1.1.0.');
    expect(page).toContain(
      '5 rows of datasets/colors/unlabelled.jsonl not measured: a reference is missing.',
    );
    for (const { version } of prompts) {
      const results = readFileSync(path.join(out(), `results/colors/default@${version}.jsonl`), 'utf8');
      expect(results.trimEnd().split('\n')).toHaveLength(1_000);
    }
  });

  it('have a best one where it is better than each other, by answers that are stored', async () => {
    const asked = server.stats().requests;
    const { code, stdout } = await rank(
      out(),
      ...['--versions', '1.0.0,1.2.0', '--tags', 'asked:2026-11', '--limit', '400'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('Best version\ncolors/default 1.2.0 scores ');
    expect(reportIn(out()).ranking).toMatchObject({
      ...{ n: 400, best: '1.2.0' },
      versions: [{ version: '1.2.0' }, { version: '1.0.0' }],
    });
    expect(server.stats().requests).toBe(asked);
  });

  it('are planned by a dry run, and end in order where the budget does', async () => {
    const { code, stdout } = await rank(out(), '--versions', all, '--dry-run', '--json');
    expect(code).toBe(0);
    const { planned } = JSON.parse(stdout);
    expect(
      planned.map(({ version, estimate }: { version: string; estimate: object }) => [version, estimate]),
    ).toMatchObject(Object.keys(wordings).map((version) => [version, { calls: 1_000, stored: 1_000 }]));
    const ended = await rank(out(), '--versions', all, '--limit', '40', '--calls', '100');
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining('budget') });
  });

  it.each([
    [
      'a version that was not released',
      ['--versions', '1.0.0,1.3.0'],
      'version 1.3.0 of colors/default has no tag here. There are: 1.0.0, 1.1.0, 1.2.0, 2.0.0.',
    ],
    [
      'one version',
      ['--versions', '1.0.0'],
      'one version cannot be ranked. Name two or more, as --versions 1.0.0,1.1.0.',
    ],
    [
      'several prompts',
      ['colors/terse', '--versions', all],
      'versions are those of one prompt. Name one prompt, as family/name.',
    ],
    ['a version that asks for other inputs', ['--versions', '1.0.0,2.0.0'], 'prompts/colors/default@2.0.0'],
    [
      'a base',
      ['--versions', all, '--base', 'HEAD'],
      "option '--versions <a,b>' cannot be used with option '--base <ref>'",
    ],
  ])('refuse %s, before anything is asked', async (_, args, says) => {
    const asked = server.stats().requests;
    expect(await rank(out(), ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
    expect(server.stats().requests).toBe(asked);
  });
});
