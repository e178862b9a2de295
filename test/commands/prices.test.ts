import { describe, expect, it } from 'vitest';
import { runCheck } from '../../src/commands/check.ts';
import { missingPrices, openPrices } from '../../src/commands/prices.ts';
import { openWorkspace } from '../../src/commands/workspace.ts';
import { describeError } from '../../src/errors.ts';
import { openModel } from '../../src/models/registry.ts';
import { repository } from '../cli/command-line.ts';

const price = { input: 2, output: 10 };
const host = { environment: {} };

/** The repository with a rollout; its prompt asks this model. */
function workspaceWith({ model = 'local/echo', price = '', metrics = '{ cost: {} }' } = {}) {
  const folder = repository({
    'promptline.yaml': (text) =>
      `${text.replace('local/echo', model).replace('tries: 1', `tries: 1${price}`)}rollout: { metrics: ${metrics} }\n`,
  });
  return openWorkspace(folder);
}

const configured = ', price: { input: 2, output: 10 }';

describe('the price of a call', () => {
  it("is the configuration's, else that of Ax's list, as offline; no key is needed", async () => {
    const priceOf = openPrices(host, workspaceWith({ price: configured }));
    expect((await priceOf('local/echo'))?.(300, 20)).toBeCloseTo(
      (300 * price.input + 20 * price.output) / 1e6,
      12,
    );
    const context = { providers: {}, environment: { OPENAI_API_KEY: 'k' }, cache: '', repositoryRoot: '' };
    const offline = await openModel('openai/gpt-5-mini', context);
    expect((await priceOf('openai/gpt-5-mini'))?.(300, 20)).toBe(offline.usdOf(300, 20));
    expect(offline.usdOf(300, 20)).toBeGreaterThan(0);
  });

  it('of a model in this process is nothing, and nothing is fetched', async () => {
    const priceOf = openPrices(host, workspaceWith());
    expect((await priceOf('embedded/tinyllama-1.1b-chat'))?.(300, 20)).toBe(0);
    expect((await priceOf('embedded/no-such-model'))?.(300, 20)).toBe(0);
  });

  it.each([
    'local/echo',
    'openai/no-such-model',
    'nobody/at-all',
    'azure-openai/mine',
    'composite/two',
    '',
    '/',
    '__proto__/x',
  ])('of "%s" is not known', async (model) => {
    expect(await openPrices(host, workspaceWith())(model)).toBeNull();
  });

  it('is looked up of as many models as somebody pays, not of all that telemetry may name', async () => {
    const priceOf = openPrices(host, workspaceWith({ price: configured }));
    for (let number = 0; number < 100; number++) expect(await priceOf(`local/${number}`)).not.toBeNull();
    expect(await priceOf('local/100')).toBeNull();
    expect(await priceOf('local/99')).not.toBeNull();
  });
});

describe('check', () => {
  const problems = async (options: Parameters<typeof workspaceWith>[0]) => {
    const workspace = workspaceWith(options);
    const errors = await missingPrices(host, workspace, runCheck(workspace, []).tasks);
    return errors.map(describeError);
  };

  it('names prompts whose cost a rollout could not know', async () => {
    expect(await problems({})).toEqual([
      'prompts/mood/default.prompt.yaml: rollouts watch the cost, and the price of local/echo is not known. ' +
        'Give it in promptline.yaml as providers.local.price, or take cost out of rollout.metrics.',
    ]);
  });

  it.each([
    ['the price is configured', { price: configured }],
    ['it is known', { model: 'openai/gpt-5-mini' }],
    ['no rollout watches the cost', { metrics: '{ success: {} }' }],
  ])('finds nothing where %s', async (_, options) => {
    expect(await problems(options)).toEqual([]);
  });
});
