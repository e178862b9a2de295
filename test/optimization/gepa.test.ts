import { describe, expect, it } from 'vitest';
import type { Metric } from '../../src/metrics/metric.ts';
import { asking, type Completion, type CompletionRequest, ModelError } from '../../src/models/model.ts';
import {
  type InstructionWorld,
  type InstructionWorldOptions,
  instructionWorld,
} from './instruction-world.ts';
import { runStrategy } from './run-strategy.ts';

const options: InstructionWorldOptions = { rules: 5, sizes: { train: 60, dev: 30, test: 40 } };
const gepa = (world: InstructionWorld, setting: Partial<Parameters<typeof runStrategy>[1]> = {}) =>
  runStrategy(world, { strategy: 'gepa', calls: 900, ...setting });

/** A world in which the metric does something else. */
function scoring(world: InstructionWorld, score: Metric['score']): InstructionWorld {
  const metrics = world.metrics.map((each) => ({ ...each, metric: { ...each.metric, score } }));
  return { ...world, metrics };
}

/** The world's proposer, answering in another way. */
function proposing(world: InstructionWorld, answer: (request: CompletionRequest) => Promise<Completion>) {
  return asking(world.proposer, answer);
}

describe('the optimizer of Ax', () => {
  it('learns instructions that are better on the test split', async () => {
    for (const seed of [1, 2, 3]) {
      const { worths, search, accepted } = await gepa(instructionWorld(seed, options), { seed });
      expect(worths.pick).toBeGreaterThan(worths.base + 0.3);
      expect(accepted).toBe(true);
      const picked = search.candidates.find(({ fate }) => fate === 'picked');
      expect(picked?.why).toMatch(
        /^accepted by GEPA with 0\.\d\d on held-out training rows$|^accepted by GEPA with 1\.00/,
      );
      expect(picked?.standings.at(-1)?.rows).toBe(30);
    }
  });

  it('never passes its calls, and counts every one of them', async () => {
    for (const calls of [340, 400, 555, 900]) {
      const world = instructionWorld(2, options);
      const { search } = await gepa(world, { calls });
      expect(search.calls).toBeLessThanOrEqual(calls);
      expect(world.requests.length + world.questions.length).toBeLessThanOrEqual(calls + 2 * 40);
    }
  });

  it('ends Ax in time for what it accepted to be compared on every row', async () => {
    for (const calls of [280, 295, 310, 325, 340, 355, 370, 385]) {
      const { search } = await gepa(instructionWorld(2, options), { calls });
      expect(search.ended).toBe('the budget of calls was used');
      const whole = search.candidates.filter(({ standings }) => standings.at(-1)?.rows === 30);
      expect(whole).toHaveLength(Math.min(2, search.candidates.length));
    }
  });

  it('takes the same way twice, whatever the concurrency, and another with another seed', async () => {
    const once = await gepa(instructionWorld(3, { ...options, concurrency: 1 }), { seed: 4 });
    const again = await gepa(instructionWorld(3, { ...options, concurrency: 9 }), { seed: 4 });
    const other = await gepa(instructionWorld(3, options), { seed: 5 });
    expect(again.search).toEqual(once.search);
    expect(other.search).not.toEqual(once.search);
  });

  it('shows Ax and the proposer no row of dev or test', async () => {
    const world = instructionWorld(1, options);
    await gepa(world);
    const texts = [...world.splits.dev.examples, ...world.splits.test.examples].map(({ input }) =>
      String(input['text']),
    );
    const asked = world.questions.flat().map(({ content }) => content);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.some((content) => texts.some((text) => content.includes(text)))).toBe(false);
  });

  it('measures again what Ax takes for better: with labels that mean nothing there is hardly a proposal', async () => {
    let proposals = 0;
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { accepted } = await gepa(instructionWorld(seed, { ...options, shuffled: true }), { seed });
      proposals += accepted ? 1 : 0;
    }
    expect(proposals).toBeLessThanOrEqual(1);
  });
});

describe('a failure under Ax, which swallows all of them', () => {
  it('of the key ends the run with it, and nothing is asked after it', async () => {
    const world = instructionWorld(1, options);
    let asked = 0;
    const model = asking(world.model, async (request) => {
      asked += 1;
      if (asked > 100) throw new ModelError('the key is wrong', { fatal: true });
      return world.model.complete(request);
    });
    await expect(gepa({ ...world, model })).rejects.toThrow('the key is wrong');
    expect(asked).toBeLessThanOrEqual(100 + world.model.concurrency);
  });

  it('of a metric that throws ends as with every strategy: the prompt could not be measured', async () => {
    const world = scoring(instructionWorld(1, options), () => {
      throw new TypeError('the metric is broken');
    });
    await expect(gepa(world)).rejects.toThrow(/none of the first \d+ examples could be measured/);
    expect(world.questions).toEqual([]);
  });

  it('of a metric that applies to no row ends in order, without a pick and with the reason', async () => {
    const world = scoring(instructionWorld(1, options), () => ({ value: null, feedback: '' }));
    const { accepted, search, head } = await gepa(world);
    expect({ accepted, head }).toEqual({ accepted: false, head: null });
    expect(search.ended).toBe('the prompt as it was could not be measured');
    expect(world.questions).toEqual([]);
  });

  it('of a proposer whose key is wrong ends the run with it', async () => {
    const world = instructionWorld(1, options);
    const proposer = proposing(world, async () => {
      throw new ModelError('no such key', { fatal: true });
    });
    await expect(gepa(world, { proposer })).rejects.toThrow('no such key');
  });

  it('of a proposer that fails again and again ends the run with it', async () => {
    const world = instructionWorld(1, options);
    let questions = 0;
    const proposer = proposing(world, async () => {
      questions += 1;
      throw new ModelError('it takes too long', { fatal: false });
    });
    await expect(gepa(world, { proposer })).rejects.toThrow('it takes too long');
    expect(questions).toBe(5);
  });

  it('of a proposer that writes nothing usable ends in order, with the reason', async () => {
    const world = instructionWorld(1, options);
    const proposer = proposing(world, async (request) => ({
      ...(await world.proposer.complete(request)),
      text: 'What a lovely day.',
    }));
    const { search, accepted } = await gepa(world, { proposer });
    expect(accepted).toBe(false);
    expect(search.ended).toMatch(/^the proposer gave nothing usable 5 times in a row, the last time because/);
  });

  it('of a user who stops it ends the run at once', async () => {
    const world = instructionWorld(1, options);
    const controller = new AbortController();
    const model = asking(world.model, async (request) => {
      if (world.requests.length === 80) controller.abort(new Error('stopped'));
      return world.model.complete(request);
    });
    await expect(gepa({ ...world, model }, { signal: controller.signal })).rejects.toThrow('stopped');
    expect(world.requests.length).toBeLessThan(80 + 2 * world.model.concurrency);
  });

  it('of the budget ends without a proposal, and says so', async () => {
    const { accepted, reason } = await gepa(instructionWorld(1, options), { limits: { calls: 200 } });
    expect(accepted).toBe(false);
    expect(reason).toContain('The budget of 200 calls is reached');
  });

  it('of the data ends in order: Ax cannot begin with three rows', async () => {
    const few = instructionWorld(1, { ...options, sizes: { train: 3, dev: 30, test: 40 } });
    const { search } = await gepa(few);
    expect(search.ended).toBe(
      'the training rows are too few to learn from one half and compare on the other',
    );
  });

  it('of the configuration: without a proposer it says what is missing', async () => {
    await expect(gepa(instructionWorld(1, options), { proposer: null })).rejects.toThrow(
      'the strategy gepa needs a model that writes instructions',
    );
  });
});
