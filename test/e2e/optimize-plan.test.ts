import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { OptimizeDryRun } from '../../src/commands/dry-run-optimize.ts';
import { startProtocolServer } from '../protocol-server/server.ts';
import { colorAnswers, optimizeRepository, type PromptModels } from './optimize-repository.ts';

async function repositoryWith(prompts: PromptModels) {
  const server = await startProtocolServer({
    apiKey: 'right',
    answers: { rule: 'skill', labels: colorAnswers, start: 0.2, gain: 0.08 },
  });
  const repository = optimizeRepository(server.address, prompts);
  onTestFinished(async () => {
    await server.close();
    repository.remove();
  });
  const plan = async (...args: string[]): Promise<OptimizeDryRun> => {
    const asked = server.stats().requests;
    const { code, stdout, stderr } = await repository.run(['optimize', ...args, '--dry-run', '--json'], {});
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(server.stats().requests).toBe(asked);
    return JSON.parse(stdout);
  };
  return { server, plan, ...repository };
}

it('a dry run of optimize says what it would ask, without keys, and writes nothing', async () => {
  const { root, plan, run, report } = await repositoryWith({ first: 'local/model', second: 'local/model' });
  const { planned, limits, share } = await plan('--usd', '2', '--out', 'planned');
  expect(planned.map(({ id, strategy, why }) => [id, strategy, why])).toEqual([
    ['colors/first', 'search', 'auto took search, as no proposer is configured'],
    ['colors/second', 'search', 'auto took search, as no proposer is configured'],
  ]);
  expect({ limits, share }).toEqual({ limits: { usd: 2 }, share: { usd: 1 } });
  expect(
    planned[0]?.stages.map(({ stage, model, calls, stored }) => [stage, model, calls.most, stored]),
  ).toEqual([
    ['search', 'local/model', 180, null],
    ['base on test', 'local/model', 60, 0],
    ['pick on test', 'local/model', 60, null],
  ]);
  expect(existsSync(path.join(root, 'planned'))).toBe(false);

  expect(await run(['optimize', 'colors/first', '--out', 'out'])).toMatchObject({ code: 0 });
  const taken = report('out').proposals?.[0]?.usage ?? expect.fail('nothing was optimized');
  const stages = planned[0]?.stages ?? [];
  const usd = (of: 'expected' | 'most') =>
    stages.reduce((sum, stage) => sum + (stage.usd[of] ?? Number.NaN), 0);
  expect(taken.usd).toBeLessThanOrEqual(usd('most'));
  expect(taken.usd).toBeGreaterThan(0.5 * usd('expected'));
  expect(taken.usd).toBeLessThan(2 * usd('expected'));

  const [after] = (await plan('colors/first')).planned;
  expect(after?.stages.find(({ stage }) => stage === 'base on test')).toMatchObject({
    stored: 60,
    inputTokens: { expected: 0, most: 0 },
    usd: { expected: 0, most: 0 },
  });
});

it('says it to people: each step, the shares and the total', async () => {
  const { run } = await repositoryWith({ first: 'local/model', second: 'local/model' });
  const { stdout } = await run(['optimize', '--usd', '3', '--dry-run'], {});
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toEqual([
    'colors/first 1.0.0  search  auto took search, as no proposer is configured',
    expect.stringMatching(
      /^ {2}search {8}local\/model {2}180 calls {2}about [\d,]+ tokens in, at most [\d,]+ {2}900 out {2}\$\d\.\d{4}, at most \$\d\.\d{4}$/,
    ),
    expect.stringMatching(
      /^ {2}base on test {2}local\/model {2}60 calls, 0 stored {2}about [\d,]+ tokens in {2}300 out {2}\$\d\.\d{4}$/,
    ),
    expect.stringMatching(/^ {2}pick on test {2}local\/model {2}60 calls {2}about/),
    expect.stringMatching(/^colors\/second /),
    ...Array.from({ length: 3 }, () => expect.any(String)),
    'Each of the 2 prompts may use $1.5 of $3, and what earlier ones leave.',
    expect.stringMatching(
      /^Nothing was asked\. Expected cost: \$\d\.\d{4}, at most \$\d\.\d{4}, without what metrics ask themselves\.$/,
    ),
  ]);
});

it('of a prompt whose answers have no longest length names what is missing to know the cost', async () => {
  const { run, read, write } = await repositoryWith({ first: 'local/model' });
  const file = 'prompts/colors/first.prompt.yaml';
  write(file, read(file).replace(/^ +maxTokens: .*\n/m, ''));
  const { stdout } = await run(['optimize', '--dry-run'], {});
  expect(stdout).toMatch(
    /The cost is not known: say by `maxTokens` how long an answer of the prompt may be\.\n$/,
  );
});

it('of a composite that may ask more says what it asks at least', async () => {
  const { run, plan } = await repositoryWith({ first: 'composite/safe' });
  const { planned } = await plan();
  for (const { atLeast, usd } of planned[0]?.stages ?? []) {
    expect({ atLeast, most: usd.most }).toEqual({ atLeast: true, most: null });
  }
  const { stdout } = await run(['optimize', '--dry-run'], {});
  expect(stdout).toMatch(/at least \$\d\.\d{4}\n/);
  expect(stdout).toMatch(/Expected cost: at least \$\d\.\d{4}, without/);
});

it('with a proposer plans its questions, and says what auto joins', async () => {
  const { root, plan, read, write } = await repositoryWith({ first: 'local/model' });
  write(
    'promptline.yaml',
    read('promptline.yaml').replace('version: 1', 'version: 1\nmodels: { proposer: other/strong }'),
  );
  const [prompt] = (await plan('--calls', '400')).planned;
  expect(prompt).toMatchObject({ strategy: 'auto', why: expect.stringContaining('auto joins instructions') });
  expect(prompt?.stages.map(({ stage, model }) => [stage, model])).toEqual([
    ['search', 'local/model'],
    ['proposals', 'other/strong'],
    ['base on test', 'local/model'],
    ['pick on test', 'local/model'],
  ]);
  expect(existsSync(path.join(root, '.promptline/runs'))).toBe(false);
});
