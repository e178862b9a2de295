import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PromptlineError } from '../../src/errors.ts';
import { BudgetReached, createBudget, withBudget } from '../../src/models/budget.ts';
import { ModelError } from '../../src/models/model.ts';
import { completion, fakeModel, request } from './fake-model.ts';

const noon = () => 0;

/** Asks one after another until the budget ends; how many answers there were, and what ended it. */
async function askUntilReached(model: ReturnType<typeof withBudget>, most = 50) {
  for (let answers = 0; answers < most; answers += 1) {
    const error: unknown = await model.complete(request(String(answers))).then(
      () => undefined,
      (reason) => reason,
    );
    if (error !== undefined) return { answers, error };
  }
  return { answers: most, error: undefined };
}

describe('a budget', () => {
  it.each([
    ['calls', { calls: 3 }, 3],
    ['tokens', { tokens: 25 }, 3],
    ['tokens', { tokens: 24 }, 2],
    ['usd', { usd: 0.0025 }, 3],
  ] as const)('of %s ends after the answer that reaches it: %o', async (limit, limits, answers) => {
    const model = fakeModel(() => completion({ inputTokens: 10, outputTokens: 2, usd: 0.001 }), 1);
    const budget = createBudget(limits, noon);
    const result = await askUntilReached(withBudget(model, budget));
    expect(result.answers).toBe(answers);
    expect(model.asked).toHaveLength(answers);
    expect(result.error).toBeInstanceOf(BudgetReached);
    expect(result.error).toMatchObject({ limit, fatal: true, spent: { calls: answers } });
  });

  it('of minutes ends with the wall clock', async () => {
    let now = 5_000;
    const budget = createBudget({ minutes: 2 }, () => now);
    const model = withBudget(
      fakeModel(() => completion()),
      budget,
    );
    await model.complete(request('a'));
    now += 119_999;
    expect(budget.elapsedMinutes()).toBeCloseTo(2, 3);
    await model.complete(request('b'));
    now += 1;
    await expect(model.complete(request('c'))).rejects.toMatchObject({ limit: 'minutes' });
  });

  it('that is a share of a run is called so', async () => {
    const share = createBudget({ tokens: 12 }, noon, 'share');
    const { error } = await askUntilReached(
      withBudget(
        fakeModel(() => completion(), 1),
        share,
      ),
    );
    expect(String(error)).toContain('The share of 12 tokens is reached');
  });

  it('says in words which limit was reached, what was spent and how to go on', async () => {
    const { error } = await askUntilReached(
      withBudget(
        fakeModel(() => completion(), 1),
        createBudget({ calls: 2 }, noon),
      ),
    );
    expect(String(error)).toContain(
      'The budget of 2 calls is reached (answered so far: 2 calls, 0 of them from the store; 24 tokens; $0.0020)',
    );
    expect(error).toMatchObject({ hint: expect.stringContaining('Raise the limit') });
  });

  it('counts stored answers like new ones, and says how many they were', async () => {
    const cachedModel = fakeModel(() => completion({ cached: true }), 1);
    const budget = createBudget({ calls: 4 }, noon);
    const { answers } = await askUntilReached(withBudget(cachedModel, budget));
    expect(answers).toBe(4);
    expect(budget.spent).toEqual({
      calls: 4,
      cached: 4,
      inputTokens: 40,
      outputTokens: 8,
      usd: 0.004,
      retries: 0,
    });
  });

  it('ends at the same call whatever the order in which answers arrive', async () => {
    const run = async (tokens: number, sizes: number[], delays: number[], concurrency: number) => {
      let index = 0;
      const model = fakeModel(async () => {
        const at = index++;
        for (let turn = 0; turn < (delays[at % delays.length] ?? 0); turn += 1) await Promise.resolve();
        return completion({ inputTokens: sizes[at % sizes.length] ?? 1, outputTokens: 0 });
      }, concurrency);
      const budgeted = withBudget(model, createBudget({ tokens }, noon));
      const settled: boolean[] = [];
      let next = 0;
      const worker = async () => {
        while (next < 60) {
          const at = next++;
          settled[at] = await budgeted.complete(request(String(at))).then(
            () => true,
            () => false,
          );
        }
      };
      await Promise.all(Array.from({ length: concurrency }, worker));
      return settled;
    };
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1 }),
        fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 8 }),
        async (tokens, sizes, delays, concurrency) => {
          expect(await run(tokens, sizes, delays, concurrency)).toEqual(
            await run(tokens, sizes, [0], concurrency),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('passes a limit of tokens by no more than the calls that were under way, and lets them finish', async () => {
    const model = fakeModel(async () => completion({ inputTokens: 10, outputTokens: 0 }), 4);
    const budgeted = withBudget(model, createBudget({ tokens: 10 }, noon));
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => budgeted.complete(request(`${at}`))),
    );
    expect(results.map(({ status }) => status === 'fulfilled').lastIndexOf(true)).toBe(3);
    expect(model.asked).toHaveLength(4);
  });

  it('does not make calls wait for each other when only their number is limited', async () => {
    const model = fakeModel((content) => (content === '0' ? new Promise(() => {}) : completion()), 1);
    const budgeted = withBudget(model, createBudget({ calls: 5 }, noon));
    void budgeted.complete(request('0'));
    await expect(budgeted.complete(request('1'))).resolves.toMatchObject({ text: 'answer' });
  });

  it('is one for several models', async () => {
    const budget = createBudget({ calls: 3 }, noon);
    const task = withBudget(
      fakeModel(() => completion()),
      budget,
    );
    const judge = withBudget(
      fakeModel(() => completion()),
      budget,
    );
    await task.complete(request('a'));
    await judge.complete(request('a'));
    expect(budget.remainingCalls()).toBe(1);
    await task.complete(request('b'));
    await expect(judge.complete(request('b'))).rejects.toThrow(BudgetReached);
    expect(budget.remainingCalls()).toBe(0);
  });

  it('counts calls that failed, and their retries', async () => {
    const failing = fakeModel(() => {
      throw new ModelError('broken', { fatal: false, attempts: 4 });
    });
    const budget = createBudget({ calls: 2 }, noon);
    const model = withBudget(failing, budget);
    await expect(model.complete(request('a'))).rejects.toThrow('broken');
    await expect(model.complete(request('b'))).rejects.toThrow('broken');
    await expect(model.complete(request('c'))).rejects.toThrow(BudgetReached);
    expect(budget.spent).toMatchObject({ calls: 2, retries: 6, inputTokens: 0 });
  });

  it('of dollars refuses a model whose price is unknown, naming the mend', async () => {
    const model = withBudget(
      fakeModel(() => completion({ usd: null })),
      createBudget({ usd: 1 }, noon),
    );
    await expect(model.complete(request('a'))).rejects.toMatchObject({
      fatal: true,
      kind: 'input',
      hint: expect.stringContaining('price: { input, output }'),
    });
  });

  it('without a limit never ends, and does not know costs once one price is unknown', async () => {
    const budget = createBudget({}, noon);
    const answers = [completion(), completion({ usd: null, attempts: 3 }), completion()];
    const model = withBudget(
      fakeModel((content) => answers[Number(content)] ?? completion()),
      budget,
    );
    for (const content of ['0', '1', '2']) await model.complete(request(content));
    expect(budget.remainingCalls()).toBe(Number.POSITIVE_INFINITY);
    expect(budget.spent).toEqual({
      calls: 3,
      cached: 0,
      inputTokens: 30,
      outputTokens: 6,
      usd: null,
      retries: 2,
    });
  });

  it.each([{ calls: 0 }, { tokens: -1 }, { usd: 0 }, { minutes: Number.NaN }])('refuses %o', (limits) => {
    expect(() => createBudget(limits, noon)).toThrow(PromptlineError);
  });
});
