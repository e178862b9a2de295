import { describe, expect, it } from 'vitest';
import { measureAll } from '../../src/evaluation/measure-all.ts';
import { objectiveOf } from '../../src/evaluation/objective.ts';
import { Contest, type MeasureRows } from '../../src/optimization/contest.ts';
import { randomSearch } from '../../src/optimization/random-search.ts';
import { search } from '../../src/optimization/search.ts';
import { buildSpace, realise, stratumOf } from '../../src/optimization/space.ts';
import type { Strategy, StrategyContext } from '../../src/optimization/strategy.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { latentWorld, settings, type World } from './latent-model.ts';
import { rowOf } from './measured-row.ts';

type Setting = {
  calls: number;
  seed: number;
  exhausted?: StrategyContext['exhausted'];
  measure?: MeasureRows;
};

async function run(
  strategy: Strategy,
  world: World,
  { calls, seed, exhausted = () => null, measure }: Setting,
) {
  const { prompt, splits, metrics, model } = world;
  const random = createRandom(seed);
  const space = buildSpace(prompt, splits.train.examples, {
    maxDemonstrations: settings.maxDemonstrations,
    random: random.fork('space'),
  });
  const asModelSays: MeasureRows = async (choices, rows) => {
    const { results } = await measureAll(realise(prompt, space, choices), rows, { model, metrics });
    return results.map(({ scores }) => rowOf(objectiveOf(metrics, scores)));
  };
  const contest = new Contest(splits.dev.examples, measure ?? asModelSays);
  const outcome = await strategy({
    prompt,
    space,
    contest,
    train: splits.train.examples,
    proposer: null,
    teacher: { name: 'nobody', answer: async () => [], adopt: () => space },
    guard: () => null,
    calls,
    random: random.fork('search'),
    stratumOf: (example) => stratumOf(prompt.output, example.expected),
    exhausted,
  });
  const choices = outcome.picked === null ? space.base : contest.choices(outcome.picked);
  const skill = world.skill(realise(prompt, space, choices).messages);
  return { ...outcome, contest, skill, trace: contest.trace(outcome.picked) };
}

const strategies = [
  ['search', search],
  ['random search', randomSearch],
] as const;

describe.each(strategies)('%s', (_, strategy) => {
  it('takes the same way twice, given the same seed and the same answers', async () => {
    const [once, again] = [
      await run(strategy, latentWorld(1, { concurrency: 1 }), { calls: 300, seed: 5 }),
      await run(strategy, latentWorld(1, { concurrency: 7 }), { calls: 300, seed: 5 }),
    ];
    const other = await run(strategy, latentWorld(1), { calls: 300, seed: 6 });
    expect(again.trace).toEqual(once.trace);
    expect(other.trace).not.toEqual(once.trace);
  });

  it.each([110, 111, 150, 233, 400])(
    'with %i calls asks no more, and its pick rests on every row',
    async (calls) => {
      for (const seed of [1, 2, 3]) {
        const world = latentWorld(seed);
        const { contest, picked, trace } = await run(strategy, world, { calls, seed });
        expect(world.asked.length).toBe(contest.calls);
        expect(contest.calls).toBeLessThanOrEqual(calls);
        expect(contest.calls).toBeGreaterThan(calls / 2);
        for (const { id, fate, standings } of trace) {
          expect(fate === 'picked').toBe(id === picked);
          if (id === picked) expect(standings.at(-1)?.rows).toBe(contest.rowCount);
        }
      }
    },
  );

  it('picks nothing when every candidate does as well as the prompt as it was', async () => {
    const measure: MeasureRows = async (_choices, rows) => rows.map((_row, index) => rowOf(index % 2));
    for (const seed of [1, 2, 3]) {
      const { picked } = await run(strategy, latentWorld(1), { calls: 300, seed, measure });
      expect(picked).toBeNull();
    }
  });

  it('picks nothing when the prompt as it was is the best there is', async () => {
    const { instruction } = buildSpace(latentWorld(1).prompt, [], {
      maxDemonstrations: 0,
      random: createRandom(0),
    }).base;
    const measure: MeasureRows = async (choices, rows) => {
      const isBase = choices.instruction === instruction && choices.demonstrations.length === 0;
      return rows.map(() => rowOf(isBase ? 0.9 : 0.5));
    };
    const { picked } = await run(strategy, latentWorld(1), { calls: 300, seed: 3, measure });
    expect(picked).toBeNull();
  });

  it('survives a model that fails on everything, and picks nothing', async () => {
    const measure: MeasureRows = async (_choices, rows) => rows.map(() => rowOf(null));
    const { picked, trace, contest } = await run(strategy, latentWorld(1), { calls: 300, seed: 3, measure });
    expect(picked).toBeNull();
    expect(contest.calls).toBeLessThanOrEqual(300);
    expect(trace.every(({ fate, standings }) => fate === 'failed' || standings.length === 0)).toBe(true);
  });

  it.each([60, 80, 100, 130])(
    'stops before more than the %i calls that may be spent, and says why',
    async (most) => {
      for (const seed of [1, 2, 3]) {
        const world = latentWorld(seed);
        const exhausted = (next: number) => (world.asked.length + next > most ? 'the money is gone' : null);
        const { ended } = await run(strategy, world, { calls: 600, seed, exhausted });
        expect(ended).toBe('the money is gone');
        expect(world.asked.length).toBeLessThanOrEqual(most);
        expect(world.asked.length).toBeGreaterThan(most / 2);
      }
    },
  );
});

describe('search', () => {
  it('ends when a small space holds nothing new', async () => {
    const world = latentWorld(1);
    const small: World = {
      ...world,
      prompt: {
        ...world.prompt,
        messages: [
          { role: 'system', content: 'Name it.' },
          { role: 'user', content: 'Word: {{text}}\nColour:' },
        ],
        alternatives: [],
      },
      splits: { ...world.splits, train: { ...world.splits.train, examples: [] } },
    };
    const { ended, trace } = await run(search, small, { calls: 5000, seed: 3 });
    expect(ended).toBe('every candidate of the space was tried');
    // The instruction before the question, the instruction in its message, and none.
    expect(trace).toHaveLength(3);
  });

  it('measures its two finalists on every row', async () => {
    for (const [seed, calls] of [
      [1, 90],
      [2, 90],
      [3, 100],
      [4, 100],
      [5, 150],
      [6, 400],
    ] as const) {
      const { trace } = await run(search, latentWorld(seed), { calls, seed });
      const whole = trace.filter(({ standings }) => standings.at(-1)?.rows === 36);
      expect(whole.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('tries every number of demonstrations in its first draws', async () => {
    const { trace } = await run(search, latentWorld(2), { calls: 300, seed: 2 });
    const sizes = new Set(trace.slice(1, 5).map(({ choices }) => choices.demonstrations.length));
    expect(sizes).toEqual(new Set([16, 12, 8, 4]));
  });

  it('names the parent of every change, one that was entered before', async () => {
    const { trace } = await run(search, latentWorld(2), { calls: 500, seed: 2 });
    const changed = trace.filter(({ parent }) => parent !== null);
    expect(changed.length).toBeGreaterThan(3);
    for (const { id, parent, why } of changed) {
      expect(parent).toBeLessThan(id);
      expect(why.startsWith(`${parent} `)).toBe(true);
    }
  });

  it('finds better prompts than random search with as many calls, and both better ones than the base', async () => {
    const skills = { search: 0, random: 0, base: 0 };
    const seeds = Array.from({ length: 30 }, (_, index) => index + 100);
    for (const seed of seeds) {
      const world = latentWorld(seed, { sizes: { dev: 60 } });
      skills.base += world.skill(world.prompt.messages) / seeds.length;
      skills.search += (await run(search, world, { calls: 400, seed })).skill / seeds.length;
      skills.random += (await run(randomSearch, world, { calls: 400, seed })).skill / seeds.length;
    }
    expect(skills.random).toBeGreaterThan(skills.base + 0.05);
    expect(skills.search).toBeGreaterThan(skills.random + 0.03);
  });
});
