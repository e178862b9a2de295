import { describe, expect, it } from 'vitest';
import type { Preview } from '../../src/evaluation/estimate.ts';
import { createBudget } from '../../src/models/budget.ts';
import { asking, type CompletionRequest, type Model } from '../../src/models/model.ts';
import { forecast } from '../../src/optimization/forecast.ts';
import { optimizePrompt } from '../../src/optimization/optimize.ts';
import { planSearch } from '../../src/optimization/search-plan.ts';
import { type InstructionWorld, instructionWorld } from './instruction-world.ts';
import { latentWorld, settings, type World } from './latent-model.ts';

const usdOf = (inputTokens: number, outputTokens: number) => (inputTokens + 4 * outputTokens) / 1e6;
const preview: Preview = { stored: () => false, usdOf, meanOutputTokens: 3 };

type Setting = {
  readonly ablation?: number;
  strategy?: (typeof settings)['strategy'];
  proposer?: boolean;
  preview?: Preview;
};

function forecastOf(world: World | InstructionWorld, { strategy = 'search', ...setting }: Setting = {}) {
  const { prompt, splits } = world;
  const chosen = { ...settings, strategy, ablation: setting.ablation ?? 0 };
  const plan = planSearch({ prompt, splits, settings: chosen }, setting.proposer ?? false);
  const stages = forecast({
    prompt: { ...prompt, parameters: { temperature: 0, maxTokens: 5 } },
    splits,
    settings: chosen,
    seed: 1,
    plan,
    preview: setting.preview ?? preview,
    proposerPreview: setting.proposer ? { ...preview, meanOutputTokens: 200 } : null,
  });
  return Object.fromEntries(stages.map((stage) => [stage.stage, stage]));
}

/** Input tokens at four characters each, as asked. */
function counting(model: Model, requests: CompletionRequest[]): Model {
  return asking(model, (request) => {
    requests.push(request);
    return model.complete(request);
  });
}

const tokensOf = ({ messages }: CompletionRequest) =>
  Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / 4);

describe('the forecast of an optimization', () => {
  it('counts the calls of each step, all of which the run may use', () => {
    const { search, 'base on test': base, 'pick on test': pick, proposals } = forecastOf(latentWorld(1));
    const calls = [search, base, pick].map((stage) => stage?.calls.most);
    expect(calls).toEqual([440, 80, 80]);
    expect(proposals).toBeUndefined();
  });

  it('counts the rows that a teacher answers among the calls, and an ablation beside them', () => {
    const { answers, search } = forecastOf(latentWorld(1), { strategy: 'demonstrations', proposer: true });
    expect(answers?.calls).toEqual({ expected: 40, most: 40 });
    expect(answers?.inputTokens.most).toBeGreaterThan(40);
    expect(search?.calls).toEqual({ expected: 400, most: 440 });
    expect(forecastOf(latentWorld(1), { strategy: 'demonstrations' })['answers']).toBeUndefined();
    const { ablation } = forecastOf(latentWorld(1), { ablation: 60 });
    expect(ablation?.calls).toEqual({ expected: 60, most: 60 });
  });

  it('lies near what the run takes, and at most is never less', async () => {
    for (const seed of [1, 2, 3]) {
      const world = latentWorld(seed);
      const requests: CompletionRequest[] = [];
      const { search: trace } = await optimizePrompt({
        prompt: world.prompt,
        splits: world.splits,
        metrics: world.metrics,
        model: counting(world.model, requests),
        budget: createBudget({}, () => 0),
        settings: { ...settings, strategy: 'search' },
        seed: 1,
      });
      const searched = requests.slice(0, trace.calls).map(tokensOf);
      const taken = searched.reduce((sum, tokens) => sum + tokens, 0);
      const stages = forecastOf(world);
      const { expected, most } = stages['search']?.inputTokens ?? expect.fail();
      expect(taken / expected).toBeGreaterThan(0.5);
      expect(taken / expected).toBeLessThan(2);
      expect(taken).toBeLessThanOrEqual(most);
      expect(Math.max(...searched) * trace.calls).toBeLessThanOrEqual(1.05 * most);
      const base = requests.slice(-80).map(tokensOf);
      expect(stages['base on test']?.inputTokens.expected).toBe(base.reduce((a, b) => a + b, 0));
    }
  });

  it('costs tokens at the price of the model', () => {
    for (const { inputTokens, outputTokens, usd } of Object.values(forecastOf(latentWorld(1)))) {
      const at = (of: 'expected' | 'most') => usdOf(inputTokens[of], outputTokens[of] ?? Number.NaN);
      expect(usd.expected).toBeCloseTo(at('expected'), 5);
      expect(usd.most).toBeCloseTo(at('most'), 5);
    }
  });

  it('knows the stored answers of the prompt as it is, and those alone', () => {
    const stages = forecastOf(latentWorld(1), {
      preview: { ...preview, stored: ({ messages }) => messages.at(-1)?.content.includes('00') ?? false },
    });
    expect(stages['search']).toEqual(forecastOf(latentWorld(1))['search']);
    expect(Object.values(stages).map(({ stage, stored }) => [stage, stored])).toEqual([
      ['search', null],
      ['base on test', 10],
      ['pick on test', null],
    ]);
  });

  it('does not know what it cannot know', () => {
    const blind: Preview = { stored: () => null, usdOf: () => null, meanOutputTokens: null };
    const { search } = forecastOf(latentWorld(1), { preview: blind });
    expect(search?.usd).toEqual({ expected: null, most: null });
  });

  it('of strategies that ask a proposer covers the questions they ask', async () => {
    for (const strategy of ['reflection', 'playbook', 'auto'] as const) {
      const world = instructionWorld(2, { sizes: { test: 80 } });
      await optimizePrompt({
        prompt: world.prompt,
        splits: world.splits,
        metrics: world.metrics,
        model: world.model,
        proposer: world.proposer,
        budget: createBudget({}, () => 0),
        settings: { ...settings, strategy },
        seed: 1,
      });
      const { proposals, search } = forecastOf(world, { strategy, proposer: true });
      const { calls, inputTokens } = proposals ?? expect.fail('no proposals');
      const asked = world.questions.length;
      expect(asked / calls.expected).toBeGreaterThan(0.3);
      expect(asked / calls.expected).toBeLessThan(3);
      expect(asked).toBeLessThanOrEqual(calls.most);
      const characters = world.questions.flat().reduce((sum, { content }) => sum + content.length, 0);
      expect(characters / 4 / asked / (inputTokens.expected / calls.expected)).toBeGreaterThan(0.3);
      expect(characters / 4 / asked / (inputTokens.expected / calls.expected)).toBeLessThan(3);
      expect((search?.calls.expected ?? 0) + calls.expected).toBe(440);
    }
  });
});

describe('the plan of a search', () => {
  it('says what auto takes and why, and nothing where the strategy was asked for', () => {
    const { prompt, splits } = latentWorld(1);
    const planned = (strategy: (typeof settings)['strategy'], hasProposer: boolean) => {
      const plan = planSearch({ prompt, splits, settings: { ...settings, strategy } }, hasProposer);
      return [plan.strategy, plan.why];
    };
    expect(planned('auto', false)).toEqual(['search', 'auto took search, as no proposer is configured']);
    expect(planned('auto', true)).toEqual(['auto', expect.stringContaining('auto joins instructions')]);
    expect(planned('search', true)).toEqual(['search', null]);
    expect(() => planned('reflection', false)).toThrow('needs a model that writes instructions');
  });
});
