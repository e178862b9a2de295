import { describe, expect, it } from 'vitest';
import type { Progress } from '../../src/evaluation/progress.ts';
import { type BudgetLimits, createBudget, withBudget } from '../../src/models/budget.ts';
import { ModelError } from '../../src/models/model.ts';
import { optimizePrompt } from '../../src/optimization/optimize.ts';
import { promptDigest } from '../../src/prompts/version.ts';
import { latentWorld, settings, type World, type WorldOptions } from './latent-model.ts';

type Setting = {
  world?: World;
  seed?: number;
  limits?: BudgetLimits;
  changed?: Partial<typeof settings>;
  onProgress?: (progress: Progress) => void;
  /** Milliseconds a call takes on the budget's clock. */
  callTakes?: number;
};

async function optimized({
  world = latentWorld(1),
  seed = 1,
  limits = {},
  changed,
  onProgress,
  callTakes = 0,
}: Setting) {
  const budget = createBudget(limits, () => world.asked.length * callTakes);
  const result = await optimizePrompt({
    prompt: world.prompt,
    splits: world.splits,
    metrics: world.metrics,
    model: withBudget(world.model, budget),
    budget,
    settings: { ...settings, ...changed },
    seed,
    ...(onProgress && { onProgress }),
  });
  return { ...result, world };
}

const wordsOf = (world: World, split: 'train' | 'dev' | 'test') =>
  world.splits[split].examples.map(({ input }) => String(input['text']));

describe('an optimization', () => {
  it('proposes a better prompt with its proof on the test split', async () => {
    const { accepted, reason, head, scorecards, comparison, search, changes, explanation, world } =
      await optimized({});
    expect(accepted).toBe(true);
    expect(reason).toMatch(/^The objective gained \+/);
    expect(head && world.skill(head.messages)).toBeGreaterThan(world.skill(world.prompt.messages) + 0.1);
    expect(comparison?.objective.verdict).toBe('improvement');
    expect(scorecards?.base.prompt.digest).toBe(promptDigest(world.prompt));
    expect(head && scorecards?.head.prompt.digest).toBe(head && promptDigest(head));
    expect(scorecards?.head.results.map(({ example }) => example)).toEqual(
      world.splits.test.examples.map(({ id }) => id),
    );
    expect(search.candidates.filter(({ fate }) => fate === 'picked')).toHaveLength(1);
    expect(changes.length).toBeGreaterThan(5);
    expect(explanation[0]).toMatch(/^Shows \d+ demonstrations from the training split/);
  });

  it('asks about the test split only after the search has ended, about each example once for each of the two', async () => {
    const { world, search } = await optimized({});
    const [dev, test] = [new Set(wordsOf(world, 'dev')), wordsOf(world, 'test')];
    expect(world.asked.slice(0, search.calls).every((word) => dev.has(word))).toBe(true);
    expect(world.asked.slice(search.calls).sort()).toEqual([...test, ...test].sort());
    expect(world.asked.length).toBeLessThanOrEqual(settings.calls);
  });

  it('shows no model an example of dev or test but as the question', async () => {
    const { world, head } = await optimized({});
    const training = new Set(wordsOf(world, 'train'));
    for (const messages of [...world.requests, head?.messages ?? []]) {
      const shown = messages.flatMap(({ content }) =>
        [...content.matchAll(/Word: (\w+)/g)].map(([, word]) => word),
      );
      for (const word of shown.slice(0, messages === head?.messages ? shown.length : -1)) {
        expect(training.has(word ?? '')).toBe(true);
      }
    }
  });

  it('comes to the same end with the same seed, whatever the concurrency', async () => {
    const once = await optimized({ world: latentWorld(2, { concurrency: 1 }), seed: 7 });
    const again = await optimized({ world: latentWorld(2, { concurrency: 9 }), seed: 7 });
    expect({ ...again, world: null }).toEqual({ ...once, world: null });
  });

  it('keeps to random search when it is told to', async () => {
    const { search } = await optimized({ changed: { strategy: 'random' } });
    expect(search.strategy).toBe('random');
    expect(search.candidates.every(({ parent }) => parent === null)).toBe(true);
  });

  it('adds up what all of it used, and tells its progress to the end', async () => {
    const seen: Progress[] = [];
    const { usage, world, search } = await optimized({ onProgress: (progress) => seen.push(progress) });
    expect(usage.calls).toBe(world.asked.length);
    expect(usage.usd).toBeCloseTo(0.001 * world.asked.length);
    const searching = seen.filter(({ label }) => label === 'colours/name: search');
    expect(searching.map(({ done }) => done)).toEqual(
      Array.from({ length: search.calls }, (_, index) => index + 1),
    );
    expect(searching[0]?.total).toBe(search.budget);
    expect([...new Set(seen.slice(search.calls).map(({ label }) => label))]).toEqual([
      'colours/name: pick on test',
      'colours/name: base on test',
    ]);
  });

  it('compares candidates on dev rows that are balanced over the labels from the start', async () => {
    const { world } = await optimized({ world: latentWorld(3, { concurrency: 1 }) });
    const byWord = new Map(
      world.splits.dev.examples.map(({ input, expected }) => [input['text'], expected['label']]),
    );
    expect(new Set(world.asked.slice(0, 4).map((word) => byWord.get(word))).size).toBe(4);
  });

  it('ends at a fatal failure of the model', async () => {
    const world = latentWorld(1);
    const broken: World = {
      ...world,
      model: {
        ...world.model,
        complete: () => Promise.reject(new ModelError('the key is wrong', { fatal: true })),
      },
    };
    await expect(optimized({ world: broken })).rejects.toThrow('the key is wrong');
  });
});

describe('data without anything to learn', () => {
  it('ends in "no improvement", but for the rare luck that the confidence allows', async () => {
    let proposals = 0;
    const shuffled: WorldOptions = { shuffled: true, sizes: { test: 60 } };
    for (let seed = 0; seed < 30; seed++) {
      const { accepted, reason } = await optimized({
        world: latentWorld(seed, shuffled),
        seed,
        changed: { calls: 320 },
      });
      if (accepted) proposals += 1;
      else expect(reason).toMatch(/^No improvement: /);
    }
    expect(proposals).toBeLessThanOrEqual(2);
  });
});

describe('the budget of calls', () => {
  it('that is too small is refused before any call, with a number that does work', async () => {
    const world = latentWorld(1);
    const failure = await optimized({ world, changed: { calls: 200 } }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      kind: 'input',
      message: expect.stringContaining('200 calls is too small'),
    });
    expect(world.asked).toEqual([]);
    const { hint = '' } = failure as { hint?: string };
    const calls = Number(/--calls (\d+)/.exec(hint)?.[1]);
    const { search } = await optimized({ world, changed: { calls } });
    expect(search.candidates.length).toBeGreaterThanOrEqual(3);
    expect(world.asked.length).toBeLessThanOrEqual(calls);
  });
});

describe('a limit that the search comes near', () => {
  it.each([
    ['dollars', { usd: 0.45 }, 0, 'the budget of $0.45 was used but for the final measurement'],
    ['tokens', { tokens: 100_000 }, 0, 'the budget of 100000 tokens was used but for the final measurement'],
    ['minutes', { minutes: 7.5 }, 1000, 'the 7.5 minutes were used but for the final measurement'],
  ] as const)(
    'of %s ends it in order, and the final measurement takes place',
    async (_, limits, callTakes, ended) => {
      for (const strategy of ['search', 'random'] as const) {
        const { search, scorecards, reason } = await optimized({
          limits,
          callTakes,
          changed: { calls: 5000, strategy },
        });
        expect(search.ended).toBe(ended);
        expect(search.calls).toBeGreaterThan(60);
        expect(reason).not.toContain('cut off');
        expect(scorecards?.base.failures).toEqual([]);
        expect(scorecards?.base.results).toHaveLength(80);
        expect(scorecards?.head.results).toHaveLength(80);
      }
    },
  );
});

describe('a limit that is reached all the same', () => {
  it('in the final measurement ends without a proposal, says so, and keeps the search', async () => {
    const world = latentWorld(1);
    const whole = await optimized({ world: latentWorld(1) });
    const { accepted, reason, scorecards, comparison, search, head, usage, changes, explanation } =
      await optimized({
        world,
        limits: { calls: whole.search.calls + 100 },
      });
    expect({ accepted, scorecards, comparison, changes, explanation }).toEqual({
      accepted: false,
      scorecards: null,
      comparison: null,
      changes: [],
      explanation: [],
    });
    expect(reason).toMatch(
      /^No proposal: the final measurement of the best candidate was cut off\. The budget of \d+ calls is reached/,
    );
    expect(reason).toContain('Raise the limit');
    expect(search).toEqual(whole.search);
    expect(head).toEqual(whole.head);
    expect(usage.calls).toBe(world.asked.length);
    expect(usage.calls).toBe(whole.search.calls + 100);
  });

  it('in the search ends without a proposal, says so, and keeps what was traced', async () => {
    const { accepted, reason, scorecards, search, head, usage, world } = await optimized({
      limits: { calls: 150 },
    });
    expect({ accepted, scorecards, head }).toEqual({ accepted: false, scorecards: null, head: null });
    expect(reason).toMatch(
      /^No proposal: the search was cut off before it had a pick\. The budget of 150 calls is reached/,
    );
    expect(reason).not.toContain('no candidate did better');
    expect(search.ended).toMatch(/^The budget of 150 calls is reached/);
    expect(search.candidates.length).toBeGreaterThan(3);
    expect(search.candidates.every(({ fate }) => fate !== 'picked')).toBe(true);
    expect(usage.calls).toBe(150);
    expect(world.asked).toHaveLength(150);
    const [test] = [new Set(wordsOf(world, 'test'))];
    expect(world.asked.some((word) => test.has(word))).toBe(false);
  });
});
