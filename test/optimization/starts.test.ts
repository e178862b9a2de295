import { describe, expect, it } from 'vitest';
import { createBudget, withBudget } from '../../src/models/budget.ts';
import { optimizePrompt } from '../../src/optimization/optimize.ts';
import { buildSpace, realise } from '../../src/optimization/space.ts';
import { type Learnt, lasting, learntFrom, siblingsOf, startsIn } from '../../src/optimization/starts.ts';
import { assemble, layouts } from '../../src/prompts/anatomy.ts';
import type { Prompt } from '../../src/prompts/prompt.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { type InstructionWorld, instructionWorld } from './instruction-world.ts';
import { latentWorld } from './latent-model.ts';
import { runStrategy } from './run-strategy.ts';

const { prompt, splits } = latentWorld(1);
const train = splits.train.examples;
const small: Prompt = { ...prompt, id: 'colours/small', model: 'latent/small' };

const spaceOf = (of: Prompt) => buildSpace(of, train, { maxDemonstrations: 8, random: createRandom(1) });

/** The prompt written with choices, as a version of it stands in a file. */
const written = (of: Prompt, choices: Parameters<typeof realise>[2]) => ({
  ...of,
  messages: realise(of, spaceOf(of), choices).messages,
});

describe('siblings of a prompt', () => {
  it('are prompts of its family that do the same with another model', () => {
    const others: Prompt[] = [
      small,
      { ...small, id: 'colours/same-model', model: prompt.model },
      { ...small, id: 'moods/small', family: 'moods' },
      { ...small, id: 'colours/other-input', messages: [{ role: 'user', content: '{{word}}' }] },
      { ...small, id: 'colours/other-format', output: { format: 'text', field: 'label' } },
      prompt,
    ];
    expect(siblingsOf(prompt, others).map(({ id }) => id)).toEqual(['colours/small']);
  });
});

describe('what a sibling learnt', () => {
  it.each(layouts)('is read from its messages, laid out as %s', (layout) => {
    const choices = {
      instruction: 'Say the colour.',
      layout,
      demonstrations: ['train-3', 'train-10', 'train-5'],
    };
    expect(learntFrom(written(small, choices), prompt, train)).toEqual({
      why: 'transferred from colours/small',
      ...choices,
    });
  });

  it('leaves out demonstrations that are no rows of the training split', () => {
    const messages = assemble({
      instruction: 'Say the colour.',
      demonstrations: [
        { question: 'Word: moss\nColour:', answer: 'blue' },
        ...[...spaceOf(small).pool.values()].filter(({ id }) => id === 'train-7'),
      ],
      question: 'Word: {{text}}\nColour:',
      layout: 'instruction first',
    });
    expect(learntFrom({ ...small, messages }, prompt, train)?.demonstrations).toEqual(['train-7']);
  });

  it('asks the question in the words of the prompt that begins with it', () => {
    const other: Prompt = {
      ...small,
      messages: [
        { role: 'system', content: 'Say it.' },
        { role: 'user', content: '{{text}}?' },
      ],
    };
    const learnt = learntFrom(
      written(other, { instruction: 'Say it.', layout: 'instruction first', demonstrations: ['train-2'] }),
      prompt,
      train,
    );
    const [start] = startsIn(spaceOf(prompt), prompt, train, learnt ? [learnt] : []);
    const { messages } = start ? written(prompt, start.choices) : expect.fail('nothing was learnt');
    expect(messages[1]?.content).toBe('Word: trainword002\nColour:');
  });

  it('is nothing where its messages cannot be taken apart', () => {
    const odd: Prompt = { ...small, messages: [{ role: 'assistant', content: '{{text}}' }] };
    expect(learntFrom(odd, prompt, train)).toBeNull();
  });
});

describe('a start', () => {
  const learnt: Learnt = {
    why: 'learnt by version 1.1.0',
    instruction: 'Say the colour.',
    layout: 'instruction last',
    demonstrations: ['train-1', 'no-such-row', 'train-2'],
  };

  it('holds what fits the prompt: rows that are there, no more than a prompt may hold', () => {
    const space = { ...spaceOf(prompt), sizes: [1] };
    const choices = { instruction: 'Say the colour.', layout: 'instruction last' };
    expect(startsIn(spaceOf(prompt), prompt, train, [learnt])).toEqual([
      { choices: { ...choices, demonstrations: ['train-1', 'train-2'] }, parent: null, why: learnt.why },
    ]);
    expect(startsIn(space, prompt, train, [learnt])[0]?.choices.demonstrations).toEqual(['train-1']);
  });

  it('is none where the instruction has other placeholders', () => {
    const other = { ...learnt, instruction: 'Say the colour of {{text}}.' };
    expect(startsIn(spaceOf(prompt), prompt, train, [other])).toEqual([]);
  });

  it('shows rows that meanwhile stand in the prompt itself, and what is kept of a version can be used again', () => {
    const version = written(prompt, { ...learnt, demonstrations: ['train-1', 'train-2'] });
    const { instruction, layout } = learnt;
    const messages = assemble({
      instruction,
      demonstrations: [...spaceOf(prompt).pool.values()].filter(({ id }) => id === 'train-1'),
      question: 'Word: {{text}}\nColour:',
      layout: 'instruction first',
    });
    const now = { ...prompt, messages };
    expect(startsIn(spaceOf(now), now, train, [learnt])[0]?.choices.demonstrations).toEqual([
      'own-1',
      'train-2',
    ]);
    expect(lasting(now, train, { instruction, layout, demonstrations: ['own-1', 'train-2'] })).toEqual({
      instruction,
      layout,
      demonstrations: ['train-1', 'train-2'],
    });
    expect(version.messages.at(-1)?.content).toContain('Say the colour.');
  });
});

describe('a search that begins with what another model’s prompt learnt', () => {
  const learnFor = async (world: InstructionWorld) => {
    const { head } = await runStrategy(world, { strategy: 'reflection', calls: 900, limits: {} });
    return head ?? expect.fail('the large model learnt nothing');
  };

  /** The worth of the pick for a small model that follows the same rules, with little to spend. */
  const worthWith = async (seed: number, sibling: Prompt | null, strategy: 'search' | 'reflection') => {
    const world = instructionWorld(seed, { noise: 0.1, sizes: { test: 100 } });
    const own: Prompt = { ...world.prompt, id: 'parcels/small', model: 'parcels/small' };
    const budget = createBudget({}, () => 0);
    const learnt = sibling && learntFrom(sibling, own, world.splits.train.examples);
    const { head, search } = await optimizePrompt({
      prompt: own,
      splits: world.splits,
      metrics: world.metrics,
      model: withBudget(world.model, budget),
      proposer: withBudget(world.proposer, budget),
      budget,
      settings: {
        strategy,
        calls: 450,
        minImprovement: 0.02,
        confidence: 0.95,
        ablation: 0,
        maxDemonstrations: 8,
      },
      seed: 1,
      learnt: learnt ? [learnt] : [],
    });
    return { worth: world.worth((head ?? own).messages), search };
  };

  it.each(['search', 'reflection'] as const)(
    'finds better prompts with the same budget (%s)',
    async (strategy) => {
      const gains: number[] = [];
      for (const seed of [1, 2, 3, 4]) {
        const sibling = { ...(await learnFor(instructionWorld(seed))), id: 'parcels/codes' };
        const [alone, started] = [
          await worthWith(seed, null, strategy),
          await worthWith(seed, sibling, strategy),
        ];
        gains.push(started.worth - alone.worth);
        expect(started.search.candidates[1]?.why).toBe('transferred from parcels/codes');
        expect(started.search.ended).toContain('it began with candidates transferred from parcels/codes');
        expect(started.search.calls).toBeLessThanOrEqual(started.search.budget);
      }
      expect(Math.min(...gains)).toBeGreaterThanOrEqual(0);
      expect(gains.reduce((sum, gain) => sum + gain, 0) / gains.length).toBeGreaterThan(0.1);
    },
  );

  it('that does not fit goes the way it goes without', async () => {
    const world = () => latentWorld(4);
    const run = async (learnt?: readonly Learnt[]) => {
      const { prompt: own, splits: data, metrics, model } = world();
      return optimizePrompt({
        prompt: own,
        splits: data,
        metrics,
        model,
        budget: createBudget({}, () => 0),
        settings: {
          strategy: 'search',
          calls: 460,
          minImprovement: 0.02,
          confidence: 0.95,
          ablation: 0,
          maxDemonstrations: 8,
        },
        seed: 2,
        ...(learnt && { learnt }),
      });
    };
    const unfit: Learnt = {
      why: 'transferred from elsewhere',
      instruction: 'Say the colour of {{word}}.',
      layout: 'instruction first',
      demonstrations: [],
    };
    expect(await run([unfit])).toEqual(await run());
  });
});
