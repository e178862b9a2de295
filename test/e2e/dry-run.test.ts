import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { DryRun } from '../../src/commands/dry-run.ts';
import { type ProtocolServer, startProtocolServer } from '../protocol-server/server.ts';
import { answers, familiesRepository } from './families-repository.ts';
import { reportIn, run } from './in-process.ts';

let server: ProtocolServer;
beforeAll(async () => {
  server = await startProtocolServer({ answers: { rule: 'labels', labels: answers } });
});
afterAll(() => server.close());

const price = { input: 3, output: 50 };

/** A repository with a price for one of its two providers, and its plan for some options. */
function repositoryWithPrice() {
  const repository = familiesRepository(server.address);
  onTestFinished(() => repository.delete());
  repository.edit('promptline.yaml', 'local: {', `local: { price: ${JSON.stringify(price)},`);
  repository.commit('the beginning');
  const plan = async (...args: string[]): Promise<DryRun> => {
    const asked = server.stats().requests;
    const { code, stdout, stderr } = await run(repository.root, ['evaluate', ...args, '--dry-run', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(server.stats().requests).toBe(asked);
    return JSON.parse(stdout);
  };
  const evaluate = async (...args: string[]) => {
    const out = path.join(repository.root, 'out');
    expect(await run(repository.root, ['evaluate', ...args, '--out', out])).toMatchObject({ code: 0 });
    return reportIn(out);
  };
  return { ...repository, plan, evaluate };
}

const usd = (inputTokens: number, outputTokens: number) =>
  (inputTokens * price.input + outputTokens * price.output) / 1e6;

it('asks nothing, writes no results, and says what the run will ask and cost', async () => {
  const { root, plan, evaluate } = repositoryWithPrice();
  const { planned, unchanged } = await plan('--out', path.join(root, 'planned'));
  expect(planned.map(({ id, side }) => [id, side])).toEqual([
    ['colors/default', 'head'],
    ['colors/terse', 'head'],
    ['moods/default', 'head'],
    ['moods/long', 'head'],
    ['search/keywords', 'head'],
  ]);
  expect(unchanged).toEqual([]);
  expect(existsSync(path.join(root, 'planned/results'))).toBe(false);
  expect(existsSync(path.join(root, '.promptline/runs'))).toBe(false);
  const { prompts } = await evaluate();
  for (const { id, usage } of prompts) {
    const { estimate } = planned.find((each) => each.id === id) ?? expect.fail(`${id} was not planned`);
    expect(estimate).toMatchObject({ calls: usage.calls, stored: 0, inputTokens: usage.inputTokens });
  }
});

it('counts stored answers, of each repeat for itself, and costs the others at the mean length of the stored', async () => {
  const { plan, evaluate } = repositoryWithPrice();
  const [before] = (await plan('colors/default', '--repeat', '2')).planned;
  // Five tokens are the most that the prompt allows.
  expect(before?.estimate).toMatchObject({
    calls: 8,
    stored: 0,
    outputTokens: { expected: 40, most: 40 },
    usd: {
      expected: usd(before?.estimate.inputTokens ?? 0, 40),
      most: usd(before?.estimate.inputTokens ?? 0, 40),
    },
  });

  const { prompts } = await evaluate('colors/default', '--limit', '2');
  const { usage } = prompts[0] ?? expect.fail('nothing was measured');
  expect(usage).toMatchObject({ calls: 2, cached: 0, usd: usd(usage.inputTokens, usage.outputTokens) });
  const [after] = (await plan('colors/default', '--repeat', '2')).planned;
  const { inputTokens } = after?.estimate ?? expect.fail('nothing is planned');
  expect(inputTokens).toBe((before?.estimate.inputTokens ?? 0) - usage.inputTokens);
  const outputTokens = { expected: Math.ceil(6 * (usage.outputTokens / 2)), most: 30 };
  expect(after?.estimate).toEqual({
    ...{ calls: 8, stored: 2, inputTokens, outputTokens },
    usd: { expected: usd(inputTokens, outputTokens.expected), most: usd(inputTokens, 30) },
  });

  const asked = server.stats().requests;
  await evaluate('colors/default', '--repeat', '2');
  expect(server.stats().requests - asked).toBe(6);
  const [done] = (await plan('colors/default', '--repeat', '2')).planned;
  expect(done?.estimate).toMatchObject({
    calls: 8,
    stored: 8,
    inputTokens: 0,
    usd: { expected: 0, most: 0 },
  });
});

it('plans the part that a shard, a limit and a base leave', async () => {
  const { edit, commit, plan } = repositoryWithPrice();
  edit('prompts/moods/default.prompt.yaml', 'Name the mood.', 'Which mood?');
  edit('promptline.yaml', 'maxDrop: 0.1', 'maxDrop: 0.2');
  commit('two changes');
  const options = ['--base', 'HEAD~1', '--limit', '3'];
  const calls = ({ planned }: DryRun) => planned.map(({ id, side, estimate }) => [id, side, estimate.calls]);
  const whole = await plan(...options);
  expect(whole.unchanged).toEqual(['moods/long', 'search/keywords']);
  expect(calls(whole)).toEqual([
    ['colors/default', 'head', 3],
    ['colors/terse', 'head', 3],
    ['moods/default', 'head', 3],
    ['moods/default', 'base', 3],
  ]);
  expect(calls(await plan(...options, '--shard', '1/2')).map(([, , n]) => n)).toEqual([2, 2, 2, 2]);
  expect(calls(await plan(...options, '--shard', '2/2')).map(([, , n]) => n)).toEqual([1, 1, 1, 1]);
  expect(calls(await plan(...options, '--shard', '5/5')).map(([, , n]) => n)).toEqual([0, 0, 0, 0]);
});

it.each([
  ['a configured provider', 'keyed/model'],
  ['a provider with a known price', 'openai/gpt-4o-mini'],
])('needs no key: %s', async (_, model) => {
  const { edit, plan, root } = repositoryWithPrice();
  const keyed = `keyed: { type: openai-compatible, baseUrl: "${server.address}/v1", apiKeyEnv: NO_SUCH_KEY, price: ${JSON.stringify(price)} }`;
  edit('promptline.yaml', 'providers:', `providers:\n  ${keyed}`);
  const { planned } = await plan('colors/default', '--model', model);
  expect(planned).toMatchObject([
    { model, estimate: { calls: 4, stored: 0, usd: { expected: expect.any(Number) } } },
  ]);
  expect(planned[0]?.estimate.usd.expected).toBeGreaterThan(0);
  const { code, stderr } = await run(root, ['evaluate', 'colors/default', '--model', model]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('needs a key') });
});

it('fetches no embedded model', async () => {
  const { plan, root } = repositoryWithPrice();
  const { planned } = await plan('colors/default', '--model', 'embedded/tinyllama-1.1b-chat');
  expect(planned).toMatchObject([{ estimate: { calls: 4, stored: null, usd: { expected: 0, most: 0 } } }]);
  expect(existsSync(path.join(root, 'cache'))).toBe(false);
});

it('says it to people, the total too, and where the cost is not known', async () => {
  const { root } = repositoryWithPrice();
  const lines = async (...args: string[]) =>
    (await run(root, ['evaluate', ...args, '--dry-run'])).stdout.trimEnd().split('\n');
  expect(await lines('colors/default')).toEqual([
    expect.stringMatching(
      /^colors\/default 1\.0\.0 {2}local\/small {2}4 calls, 0 stored {2}about \d+ tokens in {2}20 out {2}\$0\.00\d\d$/,
    ),
    expect.stringMatching(/^Nothing was asked\. Expected cost: \$0\.00\d\d\.$/),
  ]);
  const [, , last] = await lines('colors/default', 'colors/terse');
  expect(last).toBe('Nothing was asked. The cost is not known: name the price of the provider.');
});

it.each([
  [['colors/default'], 'say by `maxTokens` how long an answer of the prompt may be'],
  [
    ['colors/default', 'colors/terse'],
    'name the price of the provider, and say by `maxTokens` how long an answer of the prompt may be',
  ],
])('names what is missing to know the cost of %j', async (ids, mend) => {
  const { root, edit } = repositoryWithPrice();
  edit('prompts/colors/default.prompt.yaml', ', maxTokens: 5', '');
  const { stdout } = await run(root, ['evaluate', ...ids, '--dry-run']);
  expect(stdout).toContain(`Nothing was asked. The cost is not known: ${mend}.\n`);
});
