import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseScorebook } from '../../src/optimization/scorebook.ts';
import { startProtocolServer } from '../protocol-server/server.ts';
import { colorAnswers, optimizeRepository, type PromptModels } from './optimize-repository.ts';

const book = 'scores/colors/large.yaml';

async function repositoryWith(prompts: PromptModels) {
  const server = await startProtocolServer({
    answers: { rule: 'skill', labels: colorAnswers, start: 0.2, gain: 0.08 },
  });
  const repository = optimizeRepository(server.address, prompts);
  onTestFinished(async () => {
    await server.close();
    repository.remove();
  });
  return { server, ...repository };
}

it('an accepted version is written below --out with its scores, and the repository is left alone', async () => {
  const { root, run, read, report } = await repositoryWith({ large: 'local/large' });
  expect(await run(['optimize', '--out', 'out'])).toMatchObject({ code: 0 });
  const entries = parseScorebook(read(`out/${book}`), book);
  const [proposal] = report('out').proposals ?? [];
  expect(entries.map(({ version, from }) => [version, from])).toEqual([
    ['1.0.0', undefined],
    ['1.1.0', '1.0.0'],
  ]);
  expect(entries[1]).toMatchObject({
    digest: proposal?.head?.prompt.digest,
    model: 'local/large',
    dataset: { digest: proposal?.head?.dataset.digest, n: 60 },
    objective: { mean: expect.closeTo(proposal?.head?.objective.mean ?? 0, 3), n: 60 },
    choices: {
      demonstrations: proposal?.search.candidates.find(({ fate }) => fate === 'picked')?.choices
        .demonstrations,
    },
  });
  expect(existsSync(path.join(root, book))).toBe(false);
});

it('with --write the scorebook stands beside the prompt, keeps what people wrote in it, and later runs begin with it', async () => {
  const { run, read, write, report } = await repositoryWith({ large: 'local/large' });
  write(book, '# Ours: ask before you change it.\n');
  const prompt = read('prompts/colors/large.prompt.yaml');
  expect(await run(['optimize', '--write', '--out', 'out'])).toMatchObject({ code: 0 });
  expect(read(book)).toMatch(/^# Ours: ask before you change it\.\n- version: 1\.0\.0\n/);
  expect(read(book)).toBe(read(`out/${book}`));
  expect(await run(['check'])).toMatchObject({ code: 0 });
  // Someone takes the version back; what was learnt stays.
  write('prompts/colors/large.prompt.yaml', prompt);
  expect(await run(['optimize', '--out', 'again'])).toMatchObject({ code: 0 });
  const search = report('again').proposals?.[0]?.search;
  expect(search?.candidates[1]).toMatchObject({
    why: 'learnt by version 1.1.0',
    choices: { demonstrations: parseScorebook(read(book), book)[1]?.choices?.demonstrations },
  });
  expect(search?.ended).toContain('it began with candidates learnt by version 1.1.0');
});

it('what the prompt of one model learnt is a start for that of another', async () => {
  const { run, report } = await repositoryWith({ large: 'local/large', small: 'local/small' });
  expect(await run(['optimize', 'colors/large', '--write', '--out', 'large'])).toMatchObject({ code: 0 });
  expect(await run(['optimize', 'colors/small', '--out', 'small'])).toMatchObject({ code: 0 });
  const learnt = report('large').proposals?.[0]?.search.candidates.find(({ fate }) => fate === 'picked');
  const [, start] = report('small').proposals?.[0]?.search.candidates ?? [];
  expect(start).toMatchObject({
    why: 'transferred from colors/large',
    choices: { demonstrations: learnt?.choices.demonstrations },
  });
});

it('a broken scorebook is named with its place by check and by optimize, before anything is asked', async () => {
  const { run, write, server } = await repositoryWith({ large: 'local/large' });
  write(book, '- version: 1.0.0\n  date: yesterday\n');
  for (const args of [['check'], ['optimize', '--out', 'out'], ['optimize', '--dry-run']]) {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^scores\/colors\/large\.yaml:2:9: .*must be a date, as 2026-01-31/m);
  }
  expect(server.stats().requests).toBe(0);
});
