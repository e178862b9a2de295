import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Example } from '../../src/datasets/dataset.ts';
import { createBudget, withBudget } from '../../src/models/budget.ts';
import { type Model, ModelError } from '../../src/models/model.ts';
import { ablate, changesOf } from '../../src/optimization/ablation.ts';
import type { MeasureRows } from '../../src/optimization/contest.ts';
import { optimizePrompt } from '../../src/optimization/optimize.ts';
import { readPlaybook, writePlaybook } from '../../src/optimization/playbook-rules.ts';
import type { Change, Choices } from '../../src/optimization/proposal.ts';
import { layouts } from '../../src/prompts/anatomy.ts';
import { latentWorld, settings } from './latent-model.ts';
import { rowOf } from './measured-row.ts';

const base: Choices = { instruction: 'Name it.', layout: 'instruction first', demonstrations: [] };

const rule = fc.constantFrom('Be brief.', 'Red is red.', 'Say it once.', 'Never guess.', 'Check it.', 'Ask.');
const choices: fc.Arbitrary<Choices> = fc.record({
  instruction: fc
    .tuple(fc.constantFrom('Name it.', 'Say it.', 'Label the {{text}}.'), fc.uniqueArray(rule))
    .map(([instruction, rules]) => writePlaybook(instruction, rules)),
  layout: fc.constantFrom(...layouts),
  demonstrations: fc.shuffledSubarray(['a', 'b', 'c']),
});

/** The parts of choices that a change can be of. */
const partsOf = ({ instruction, layout, demonstrations }: Choices) => {
  const playbook = readPlaybook(instruction);
  return { instruction: playbook.instruction, rules: playbook.rules, layout, demonstrations };
};

describe('the changes of a pick', () => {
  it('are none where it is the base', () => {
    fc.assert(
      fc.property(choices, (same) => {
        expect(changesOf(same, same)).toEqual([]);
      }),
    );
  });

  it('are each undone alone: the rest of the pick stays', () => {
    fc.assert(
      fc.property(choices, choices, (from, picked) => {
        for (const { change, without } of changesOf(from, picked)) {
          const [was, is, now] = [partsOf(from), partsOf(picked), partsOf(without)];
          const same = (...names: (keyof typeof is)[]) => {
            for (const name of names) expect(now[name]).toEqual(is[name]);
          };
          const part: Change['part'] = change.part;
          if (part === 'demonstrations') {
            same('instruction', 'rules', 'layout');
            expect(now.demonstrations).toEqual(was.demonstrations);
          } else if (part === 'layout') {
            same('instruction', 'rules', 'demonstrations');
            expect(now.layout).toBe(was.layout);
          } else if (part === 'instruction') {
            same('rules', 'layout', 'demonstrations');
            expect(now.instruction).toBe(was.instruction);
          } else {
            same('instruction', 'layout', 'demonstrations');
            const all = [...now.rules, ...is.rules];
            const differing = all.filter((each) => !now.rules.includes(each) || !is.rules.includes(each));
            expect(new Set(differing)).toEqual(new Set(change.rules));
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  it('name every part that differs, once', () => {
    fc.assert(
      fc.property(choices, choices, (from, picked) => {
        const found = changesOf(from, picked).map(({ change }) => change);
        const [was, is] = [partsOf(from), partsOf(picked)];
        const named = (part: Change['part']) => found.filter((change) => change.part === part);
        expect(named('instruction')).toHaveLength(was.instruction === is.instruction ? 0 : 1);
        const rulesOf = (part: Change['part']) => named(part).flatMap(({ rules }) => rules);
        expect(rulesOf('added rules')).toEqual(is.rules.filter((each) => !was.rules.includes(each)));
        expect(rulesOf('removed rules')).toEqual(was.rules.filter((each) => !is.rules.includes(each)));
      }),
      { numRuns: 200 },
    );
  });

  it('are one for each added rule, and one for all of them where there are many', () => {
    const withRules = (count: number): Choices => ({
      ...base,
      instruction: writePlaybook(
        base.instruction,
        Array.from({ length: count }, (_, index) => `Rule ${index}.`),
      ),
    });
    expect(changesOf(base, withRules(4)).map(({ change }) => change.rules)).toEqual([
      ['Rule 0.'],
      ['Rule 1.'],
      ['Rule 2.'],
      ['Rule 3.'],
    ]);
    expect(changesOf(base, withRules(5)).map(({ change }) => change.rules.length)).toEqual([5]);
  });

  it('see a layout only where it shows in the messages', () => {
    const relaid = { ...base, layout: 'one message' } as const;
    expect(changesOf(base, relaid)).toEqual([]);
    const shown = changesOf(base, { ...relaid, demonstrations: ['a'] });
    expect(shown.map(({ change }) => change.part)).toEqual(['demonstrations', 'layout']);
  });

  it('give back the whole instruction where it was left out', () => {
    const ruled = { ...base, instruction: writePlaybook('Name it.', ['Be brief.']) };
    const [only, ...others] = changesOf(ruled, { ...base, instruction: '' });
    expect(others).toEqual([]);
    expect(only?.without.instruction).toBe(ruled.instruction);
  });
});

describe('an ablation', () => {
  const rows = Array.from(
    { length: 40 },
    (_, index): Example => ({ id: `${index}`, input: {}, expected: {}, tags: [], cluster: `${index}` }),
  );
  const picked: Choices = { instruction: 'Say it.', layout: 'instruction first', demonstrations: ['a', 'b'] };
  const changes = changesOf(base, picked);
  const values = new Map(rows.map((_, index) => [index, 1]));
  /** Without demonstrations every other row is wrong; the wording earns nothing. */
  const measure: MeasureRows = async (without, batch) =>
    batch.map(({ id }) => rowOf(without.demonstrations.length === 0 ? Number(id) % 2 : 1));

  it('pairs the pick with the pick without each change on the same rows', async () => {
    const { earnings, calls, ended } = await ablate(changes, { picked, rows, values, measure, calls: 60 });
    expect(earnings.map(({ change }) => change.part)).toEqual(['demonstrations', 'instruction']);
    expect(earnings[0]).toMatchObject({ kept: 1, without: 0.5, difference: 0.5, n: 30 });
    const [low, high] = earnings[0]?.interval ?? [0, 0];
    expect([low > 0.2, high < 0.8]).toEqual([true, true]);
    expect(earnings[1]).toMatchObject({ kept: 1, without: 1, difference: 0, n: 30 });
    const [from, to] = earnings[1]?.interval ?? [0, 0];
    expect([from < -0.05, to > 0.05]).toEqual([true, true]);
    expect({ calls, ended }).toEqual({ calls: 60, ended: null });
  });

  it('never uses more calls than it has, nor more rows than there are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 200 }), async (calls) => {
        let asked = 0;
        const counted: MeasureRows = (without, batch) => {
          asked += batch.length;
          expect(batch).toEqual(rows.slice(0, batch.length));
          expect(batch.length).toBeGreaterThanOrEqual(10);
          return measure(without, batch);
        };
        const result = await ablate(changes, { picked, rows, values, measure: counted, calls });
        expect(asked).toBeLessThanOrEqual(calls);
        expect(result.calls).toBe(asked);
        expect(result.ended === null).toBe(result.earnings.length === changes.length);
      }),
    );
  });

  it('leaves rows out that failed on either side, and says when none is left', async () => {
    const failing: MeasureRows = async (_, batch) => batch.map(() => rowOf(null));
    const { earnings } = await ablate(changes, { picked, rows, values, measure: failing, calls: 60 });
    expect(earnings[0]).toMatchObject({ n: 0, difference: null, interval: null });
  });

  it('measures the pick too on rows that the search left out, within the calls', async () => {
    const asked: Choices[] = [];
    const counted: MeasureRows = (choices, batch) => {
      asked.push(...batch.map(() => choices));
      return measure(choices, batch);
    };
    const some = new Map([...values].slice(0, 12));
    const { earnings, calls } = await ablate(changes, {
      picked,
      rows,
      values: some,
      measure: counted,
      calls: 60,
    });
    expect(earnings.map(({ n, kept }) => ({ n, kept }))).toEqual([
      { n: 24, kept: 1 },
      { n: 24, kept: 1 },
    ]);
    expect(asked.filter((each) => each === picked)).toHaveLength(12);
    expect([calls, asked.length]).toEqual([60, 60]);
  });

  it('asks nothing where the proposal is one change', async () => {
    const one = changesOf(base, { ...base, demonstrations: ['a'] });
    const refuse: MeasureRows = () => Promise.reject(new RangeError('asked'));
    expect(await ablate(one, { picked, rows, values, measure: refuse, calls: 60 })).toMatchObject({
      calls: 0,
      earnings: [],
    });
  });

  it('ends with what it knows when the model fails, and passes on what is no failure of a model', async () => {
    const failingWith =
      (error: Error): MeasureRows =>
      (without, batch) =>
        without.demonstrations.length === 0 ? measure(without, batch) : Promise.reject(error);
    const setting = { picked, rows, values, calls: 60 };
    const broken = new ModelError('the key is wrong', { fatal: true });
    const { earnings, ended } = await ablate(changes, { ...setting, measure: failingWith(broken) });
    expect(earnings).toHaveLength(1);
    expect(ended).toContain('the key is wrong');
    const bug = new RangeError('a bug');
    await expect(ablate(changes, { ...setting, measure: failingWith(bug) })).rejects.toThrow('a bug');
  });
});

describe('an optimization that measures what its changes earn', () => {
  const run = async (seed: number, ablation: number, limit?: number) => {
    const world = latentWorld(seed);
    const budget = createBudget({ calls: limit }, () => 0);
    const { prompt, splits, metrics } = world;
    const model = withBudget(world.model, budget);
    const result = await optimizePrompt({
      prompt,
      splits,
      metrics,
      model,
      budget,
      settings: { ...settings, ablation },
      seed,
    });
    return { ...result, world };
  };

  it('does so after the acceptance, on dev rows alone, and counts it apart', async () => {
    const { accepted, ablation, search, usage, world } = await run(1, 60);
    const plain = await run(1, 0);
    expect(accepted).toBe(true);
    expect(ablation?.calls).toBeGreaterThan(0);
    expect(ablation?.calls).toBeLessThanOrEqual(60);
    expect(search).toEqual(plain.search);
    expect(usage.calls).toBe(plain.usage.calls + (ablation?.calls ?? 0));
    const asked = world.asked.slice(plain.usage.calls);
    expect(asked).toHaveLength(ablation?.calls ?? 0);
    const dev = new Set(world.splits.dev.examples.map(({ input }) => input['text']));
    expect(asked.every((word) => dev.has(word))).toBe(true);
  });

  it('leaves the proposal standing when a limit is reached in the middle, and says so', async () => {
    const plain = await run(1, 0);
    expect(plain.ablation).toBeUndefined();
    const { accepted, comparison, ablation } = await run(1, 60, plain.usage.calls + 10);
    expect(accepted).toBe(true);
    expect(comparison).toEqual(plain.comparison);
    expect(ablation?.ended).toContain('is reached');
  });

  it('leaves the proposal standing when the model answers no more, and compares nothing', async () => {
    const plain = await run(1, 0);
    const { prompt, splits, metrics, model } = latentWorld(1);
    let calls = 0;
    const failing: Model = {
      ...model,
      complete: (request, signal) => {
        calls += 1;
        return calls > plain.usage.calls
          ? Promise.reject(new ModelError('no answer within 30 s', { fatal: false }))
          : model.complete(request, signal);
      },
    };
    const { accepted, comparison, ablation } = await optimizePrompt({
      ...{ prompt, splits, metrics, seed: 1, model: failing },
      budget: createBudget({}, () => 0),
      settings: { ...settings, ablation: 60 },
    });
    expect(accepted).toBe(true);
    expect(comparison).toEqual(plain.comparison);
    expect(new Set(ablation?.earnings.map(({ n }) => n))).toEqual(new Set([0]));
  });

  it('measures nothing without an accepted proposal', async () => {
    const world = latentWorld(3, { shuffled: true });
    const { prompt, splits, metrics, model } = world;
    const budget = createBudget({}, () => 0);
    const result = await optimizePrompt({
      prompt,
      splits,
      metrics,
      model,
      budget,
      settings: { ...settings, calls: 320, ablation: 60 },
      seed: 3,
    });
    expect([result.accepted, 'ablation' in result]).toEqual([false, false]);
  });
});
