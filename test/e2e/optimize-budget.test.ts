import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createRandom } from '../../src/statistics/random.ts';
import type { ScriptInput } from '../protocol-server/script.ts';
import { startProtocolServer } from '../protocol-server/server.ts';
import { colorAnswers, foundIn, optimizeRepository, type PromptModels } from './optimize-repository.ts';

const three: PromptModels = { first: 'local/model', second: 'local/model', third: 'local/model' };

async function repositoryWith(prompts: PromptModels, script: ScriptInput = {}) {
  const server = await startProtocolServer({
    apiKey: 'right',
    answers: { rule: 'skill', labels: colorAnswers, start: 0.2, gain: 0.08 },
    ...script,
  });
  const repository = optimizeRepository(server.address, prompts);
  onTestFinished(async () => {
    await server.close();
    repository.remove();
  });
  return { server, ...repository };
}

const tokensOf = (usage: { inputTokens: number; outputTokens: number }) =>
  usage.inputTokens + usage.outputTokens;

it('gives each prompt its share of the tokens, with its final measurement inside', async () => {
  const { run, report } = await repositoryWith(three);
  expect(await run(['optimize', '--out', 'whole'])).toMatchObject({ code: 0 });
  const whole = report('whole').proposals?.map(({ usage }) => tokensOf(usage)) ?? [];
  const tokens = Math.floor(0.75 * whole.reduce((sum, each) => sum + each, 0));
  expect(await run(['optimize', '--tokens', String(tokens), '--out', 'shared'])).toMatchObject({ code: 0 });
  const proposals = report('shared').proposals ?? [];
  expect(proposals.map(({ id }) => id)).toEqual(['colors/first', 'colors/second', 'colors/third']);
  for (const { search, head, usage } of proposals) {
    expect(search.ended).toMatch(/the share of \d+ tokens was used but for the final measurement$/);
    expect(head?.results).toHaveLength(60);
    expect(tokensOf(usage)).toBeLessThanOrEqual(1.15 * (tokens / 3));
  }
  expect(proposals.reduce((sum, { usage }) => sum + tokensOf(usage), 0)).toBeLessThanOrEqual(tokens);
});

it('finds the same with several prompts at once, in their order', async () => {
  const { run, report, remove, server } = await repositoryWith(three);
  expect(await run(['optimize', '--out', 'single'])).toMatchObject({ code: 0 });
  const again = optimizeRepository(server.address, three);
  try {
    const { code, stderr } = await again.run(['optimize', '--parallel', '3', '--out', 'several']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/colors\/second: pick on test {2}60\/60/);
    expect(foundIn(again.report('several'))).toEqual(foundIn(report('single')));
  } finally {
    again.remove();
    remove();
  }
});

it('killed at random moments under a shared budget ends like an unbroken run', async () => {
  const { run, start, report, server } = await repositoryWith(three, { latencyMs: 20 });
  const options = ['optimize', '--tokens', '30000', '--out', 'out'];
  const random = createRandom('moments of death');
  let kills = 0;
  while (kills < 6) {
    const { child, ended } = start(options);
    await Promise.race([delay(400 + 500 * random.next()), ended]);
    if (child.exitCode !== null) break;
    child.kill('SIGKILL');
    await once(child, 'exit');
    kills += 1;
  }
  expect(kills).toBe(6);
  expect(await run(options)).toMatchObject({ code: 0 });
  const unbroken = optimizeRepository(server.address, three);
  try {
    expect(await unbroken.run(options)).toMatchObject({ code: 0 });
    expect(foundIn(report('out'))).toEqual(foundIn(unbroken.report('out')));
    expect(report('out').proposals?.[0]?.search.ended).toContain('the share of 10000 tokens');
  } finally {
    unbroken.remove();
  }
});

it('run twice at once on one repository comes to one result', async () => {
  const { run, report } = await repositoryWith({ first: 'local/model', second: 'local/model' });
  const ended = await Promise.all(['one', 'two'].map((out) => run(['optimize', '--out', out])));
  expect(ended.map(({ code, stderr }) => ({ code, failed: stderr.includes('rror') }))).toEqual([
    { code: 0, failed: false },
    { code: 0, failed: false },
  ]);
  expect(foundIn(report('one'))).toEqual(foundIn(report('two')));
});

it.each([1, 2])(
  'with a bad key for one prompt, %i at once, stops and keeps what is done',
  async (parallel) => {
    const { run, report } = await repositoryWith({
      first: 'local/model',
      second: 'other/model',
      third: 'local/model',
    });
    // The first is answered from the store, and is done before the second fails.
    expect(await run(['optimize', 'colors/first', '--out', 'before'])).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await run(
      ['optimize', '--parallel', String(parallel), '--json', '--out', 'out'],
      { LOCAL_KEY: 'right', OTHER_KEY: 'wrong' },
    );
    expect(code).toBe(3);
    expect(stderr).toContain('Incorrect API key');
    expect(stderr).not.toContain('colors/third');
    // Beside the one that fails, the first may be stopped before it is done.
    if (parallel > 1 && stdout === '') return;
    const written = report('out');
    expect(JSON.parse(stdout)).toEqual(written);
    expect(foundIn(written)).toEqual(foundIn(report('before')));
    expect(written.ended).toMatch(/Incorrect API key.*Run the same command again to go on/);
  },
);

it('with too few calls for one of the prompts asks nothing', async () => {
  const { run, server } = await repositoryWith(three);
  const { code, stderr } = await run(['optimize', '--calls', '130', '--out', 'out']);
  expect({ code, asked: server.stats().requests }).toEqual({ code: 2, asked: 0 });
  expect(stderr).toMatch(/colors\/first.*give --calls \d+ or more/s);
});
