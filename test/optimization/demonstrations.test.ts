import { describe, expect, it } from 'vitest';
import type { OptimizeConfiguration } from '../../src/config/schema.ts';
import { parseAnswer } from '../../src/formats/codec.ts';
import { type BudgetLimits, createBudget, withBudget } from '../../src/models/budget.ts';
import { goodAnswers } from '../../src/optimization/good-answers.ts';
import { optimizePrompt } from '../../src/optimization/optimize.ts';
import { dissect } from '../../src/prompts/anatomy.ts';
import { parsePrompt } from '../../src/prompts/load.ts';
import { promptDigest } from '../../src/prompts/version.ts';
import { writePromptVersion } from '../../src/prompts/write.ts';
import { type WordedWorld, wordedWorld } from './worded-world.ts';

type Setting = {
  readonly strategy?: OptimizeConfiguration['strategy'];
  readonly calls?: number;
  readonly seed?: number;
  readonly limits?: BudgetLimits;
  readonly taught?: boolean;
};

async function optimized(world: WordedWorld, setting: Setting = {}) {
  const { strategy = 'demonstrations', calls = 360, seed = 1, limits = {}, taught = false } = setting;
  const budget = createBudget(limits, () => 0);
  const { prompt, splits, metrics } = world;
  return optimizePrompt({
    prompt,
    splits,
    metrics,
    model: withBudget(world.model, budget),
    proposer: taught ? withBudget(world.teacher, budget) : undefined,
    budget,
    settings: { strategy, calls, minImprovement: 0.02, confidence: 0.95, maxDemonstrations: 8, ablation: 0 },
    seed,
  });
}

const seeds = [1, 2, 3, 4, 5, 6];
const meanSkill = async (options: Parameters<typeof wordedWorld>[1], setting: Setting) => {
  const skills = await Promise.all(
    seeds.map(async (seed) => {
      const world = wordedWorld(seed, options);
      const { head } = await optimized(world, { ...setting, seed });
      return world.skill((head ?? world.prompt).messages);
    }),
  );
  return skills.reduce((sum, skill) => sum + skill, 0) / skills.length;
};

describe('demonstrations in the words of the model', () => {
  it('beat reference answers at equal calls where the words help', async () => {
    const [own, references] = [await meanSkill({}, {}), await meanSkill({}, { strategy: 'search' })];
    expect(own).toBeGreaterThan(references + 0.15);
  });

  it('lose little where the words are worth no more than a reference answer', async () => {
    const plain = { stepsWorth: 0.02 };
    const [own, references] = [await meanSkill(plain, {}), await meanSkill(plain, { strategy: 'search' })];
    expect(own).toBeGreaterThan(references - 0.03);
  });

  it('are named in the trace, and stand in the written file as they were measured', async () => {
    const world = wordedWorld(2);
    const { accepted, head, search, scorecards } = await optimized(world);
    expect(accepted).toBe(true);
    const picked = search.candidates.find(({ fate }) => fate === 'picked');
    const named = picked?.choices.demonstrations.filter((id) => id.startsWith('answered-train-')) ?? [];
    expect(named.length).toBeGreaterThan(2);
    const original = [
      'version: 1.0.0',
      'output: { format: json }',
      'messages:',
      '  - { role: system, content: Add it up. }',
      '  - { role: user, content: "Sum: {{text}}\\nAnswer:" }',
    ].join('\n');
    const text = writePromptVersion(original, { version: '1.1.0', messages: head?.messages ?? [] });
    const read = parsePrompt(text, { id: 'sums/add', shown: 'p.yaml', defaultModel: 'worded/model' });
    expect(promptDigest({ ...world.prompt, messages: read.messages })).toBe(scorecards?.head.prompt.digest);
    expect(text).toContain('carry');
  });

  it('show training rows alone, each once, strictly in the output format', async () => {
    const world = wordedWorld(3);
    await optimized(world);
    const steps = world.requests.flatMap((messages) => {
      const { demonstrations } = dissect(messages, 'sums/add');
      const questions = demonstrations.map(({ question }) => question);
      expect(new Set(questions).size).toBe(questions.length);
      for (const question of questions) expect(question).toMatch(/^Sum: trainsum\d+\n/);
      return demonstrations.filter(({ answer }) => answer.includes('steps'));
    });
    expect(steps.length).toBeGreaterThan(100);
    for (const { answer } of steps) expect(parseAnswer(world.prompt.output, answer, {}).problems).toEqual([]);
  });

  it('are counted: answers and measurements are the calls of the search', async () => {
    const world = wordedWorld(1);
    const { search, usage } = await optimized(world, { calls: 340 });
    expect(world.requests.length).toBe(search.calls + 2 * world.splits.test.examples.length);
    expect(usage.calls).toBe(world.requests.length);
    expect(search.calls).toBeLessThanOrEqual(search.budget);
  });

  it('come to the same end with the same seed', async () => {
    const [once, again] = [await optimized(wordedWorld(4)), await optimized(wordedWorld(4))];
    expect(again).toEqual(once);
    expect((await optimized(wordedWorld(4), { seed: 9 })).search).not.toEqual(once.search);
  });

  it('are the teacher’s where a proposer is configured', async () => {
    const world = wordedWorld(1, { hopeless: true });
    const { search, usage } = await optimized(world, { taught: true });
    expect(search.ended).toMatch(
      /^(\d+) of \1 answers of the proposer to training rows were good, \1 of them/,
    );
    const taught = usage.calls - world.requests.length;
    expect(taught).toBeGreaterThan(15);
    expect(world.requests.length + taught).toBe(search.calls);
    expect(world.requests.some((messages) => JSON.stringify(messages).includes('as taught'))).toBe(true);
  });
});

describe('where nothing can be shown in own words', () => {
  it('a model that is never right leaves the reference answers, and that is said', async () => {
    const world = wordedWorld(1, { hopeless: true });
    const { accepted, search, reason } = await optimized(world);
    expect(accepted).toBe(false);
    expect(search.ended).toMatch(
      /^0 of \d+ answers of the prompt as it was to training rows were good, none/,
    );
    expect(search.candidates.length).toBeGreaterThan(3);
    expect(reason).toMatch(/^No improvement/);
  });

  it('and without reference answers the search ends before it begins', async () => {
    const world = wordedWorld(1, { hopeless: true, unreferenced: true });
    const { accepted, search, reason, head } = await optimized(world);
    expect({ accepted, head, candidates: search.candidates }).toEqual({
      accepted: false,
      head: null,
      candidates: [],
    });
    expect(reason).toContain('0 of ');
    expect(world.requests.length).toBe(search.calls);
    expect(search.calls).toBeLessThanOrEqual(40);
  });

  it('a model that is right sometimes makes demonstrations where rows have no reference answer', async () => {
    const world = wordedWorld(5, { unreferenced: true });
    const { accepted, head } = await optimized(world);
    expect(accepted).toBe(true);
    expect(world.skill(head?.messages ?? [])).toBeGreaterThan(0.5);
  });

  it('a right answer that breaks the output format is not copied', async () => {
    const world = wordedWorld(1, { chatty: true });
    const { search } = await optimized(world);
    expect(search.ended).toMatch(/^[1-9]\d* of \d+ answers .* none of them fit to be shown/);
    expect(JSON.stringify(world.requests)).not.toContain('Let me see');
  });

  it('a right answer that would be filled in like a template is not copied', async () => {
    const world = wordedWorld(1, { templated: true });
    const { search } = await optimized(world);
    expect(search.ended).toMatch(/^[1-9]\d* of \d+ answers .* none of them fit to be shown/);
  });

  it('a label task asks no row for words', async () => {
    const world = wordedWorld(1, { label: true });
    const { search } = await optimized(world);
    expect(search.ended).toContain('only reference answers were shown');
    const asked = world.requests.map((messages) => messages.at(-1)?.content ?? '');
    expect(asked.some((question) => question.includes('trainsum'))).toBe(false);
  });

  it('a limit that is reached while rows are answered ends without a proposal', async () => {
    const world = wordedWorld(1);
    const { accepted, reason } = await optimized(world, { limits: { calls: 12 } });
    expect(accepted).toBe(false);
    expect(reason).toContain('cut off');
  });
});

describe('a good answer', () => {
  const rows = (list: readonly (readonly number[])[]) =>
    list.map((values, index) => ({
      example: { id: `row-${index}`, input: {}, expected: {}, tags: [], cluster: `row-${index}` },
      row: {
        objective: values.reduce((sum, value) => sum + value, 0) / values.length,
        values,
        output: '',
        feedback: [],
      },
    }));
  const good = (list: readonly (readonly number[])[]) =>
    goodAnswers(rows(list)).map(({ example }) => Number(example.id.slice(4)));

  it('has full marks', () => {
    expect(good([[1], [0], [1], [0]])).toEqual([0, 2]);
    expect(good([[1], [1], [1]])).toEqual([0, 1, 2]);
    expect(good([[0], [0]])).toEqual([]);
    expect(good([])).toEqual([]);
  });

  it('is of the best quarter where the metric is graded', () => {
    expect(good([[0.1], [0.2], [0.3], [0.4], [0.5], [0.6], [0.7], [0.8]])).toEqual([6, 7]);
  });

  it('is none where all are alike', () => {
    expect(good([[0.3], [0.3], [0.3], [0.3]])).toEqual([]);
  });

  it('is right by a metric that knows only right and wrong, however good it is by another', () => {
    expect(
      good([
        [0, 0.9],
        [0, 0.8],
        [0, 0.2],
        [0, 0.1],
      ]),
    ).toEqual([]);
    expect(
      good([
        [0, 0.9],
        [1, 0.8],
        [0, 0.2],
        [0, 0.1],
        [0, 0.1],
      ]),
    ).toEqual([1]);
  });
});
