import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asking, ModelError } from '../../src/models/model.ts';
import { duelRungs, judge, pairedEvidence } from '../../src/optimization/duel.ts';
import { type InstructionWorldOptions, instructionWorld, parcelsOf, task } from './instruction-world.ts';
import { runStrategy } from './run-strategy.ts';

const options: InstructionWorldOptions = { rules: 6, noise: 0.05, sizes: { train: 80, dev: 80, test: 60 } };

describe('the rungs of a duel', () => {
  it.each([
    [150, [16, 32, 64, 128, 150]],
    [60, [16, 32, 60]],
    [16, [16]],
    [9, [9]],
  ])('of %i rows are %j', (rows, rungs) => {
    expect(duelRungs(rows)).toEqual(rungs);
  });
});

describe('the verdict of a duel', () => {
  const evidence = (wins: number, losses: number) =>
    pairedEvidence([
      ...Array.from({ length: wins }, () => ({ was: 0, is: 1 })),
      ...Array.from({ length: losses }, () => ({ was: 1, is: 0 })),
      { was: 1, is: 1 },
    ]);
  const early = { rows: 16, isLast: false };
  const later = { rows: 32, isLast: false };
  const last = { rows: 150, isLast: true };
  const trial = evidence(1, 0);

  it('is for a challenger that is clearly ahead, which takes more of one that was made blindly', () => {
    expect(judge({ trial }, evidence(2, 0), early)).toBe(true);
    expect(judge({ trial: null }, evidence(2, 0), early)).toBeNull();
    expect(judge({ trial: null }, evidence(5, 0), early)).toBe(true);
  });

  it('takes the rows that a challenger was made from for half of what dev rows are', () => {
    // 1 + (4 - 2) / 2 is above the spread, sqrt(1 + 6 / 4 + 0.5); 1 + (3 - 2) / 2 is below sqrt(1 + 5 / 4 + 0.5).
    expect(judge({ trial: evidence(4, 2) }, evidence(1, 0), later)).toBe(true);
    expect(judge({ trial: evidence(3, 2) }, evidence(1, 0), later)).toBeNull();
  });

  it('is against one that is behind, and on further rows against one that is not ahead', () => {
    expect(judge({ trial }, evidence(1, 2), early)).toBe(false);
    expect(judge({ trial }, evidence(1, 2), later)).toBe(false);
    expect(judge({ trial: null }, evidence(1, 1), early)).toBe(false);
  });

  it('waits where what it was made from speaks for it and the first rows say nothing', () => {
    expect(judge({ trial }, evidence(0, 0), early)).toBeNull();
  });

  it('is for what is better on all rows, if only by one, and never for what is no better', () => {
    expect(judge({ trial: null }, evidence(11, 10), last)).toBe(true);
    expect(judge({ trial: null }, evidence(10, 10), last)).toBe(false);
  });

  it('is for a shorter instruction that is no worse on many rows, against one that is clearly worse on a few', () => {
    const shorter = { trial: null, isShorter: true };
    expect(judge(shorter, evidence(2, 2), { rows: 128, isLast: false })).toBe(true);
    expect(judge(shorter, evidence(2, 2), later)).toBeNull();
    expect(judge(shorter, evidence(0, 1), early)).toBeNull();
    expect(judge(shorter, evidence(0, 3), early)).toBe(false);
    expect(judge(shorter, evidence(2, 3), last)).toBe(false);
  });

  it('always comes with the last row, and is never better for fewer wins', () => {
    const counts = fc.integer({ min: 0, max: 30 });
    const rank = (verdict: boolean | null) => [false, null, true].indexOf(verdict);
    fc.assert(
      fc.property(counts, counts, fc.boolean(), fc.boolean(), (wins, losses, isShorter, isBlind) => {
        const duel = { trial: isBlind ? null : trial, isShorter };
        expect(judge(duel, evidence(wins, losses), last)).not.toBeNull();
        for (const when of [early, later, last]) {
          const [more, fewer] = [evidence(wins + 1, losses), evidence(wins, losses + 1)];
          expect(rank(judge(duel, more, when))).toBeGreaterThanOrEqual(rank(judge(duel, fewer, when)));
        }
      }),
    );
  });
});

describe.each(['reflection', 'auto'] as const)('%s', (strategy) => {
  it('writes instructions that are much better on the test split', async () => {
    for (const seed of [1, 2, 3]) {
      const { worths, accepted } = await runStrategy(instructionWorld(seed, options), {
        strategy,
        calls: 1000,
        seed,
      });
      expect(accepted).toBe(true);
      expect(worths.pick).toBeGreaterThan(worths.base + 0.4);
    }
  });

  it.each([270, 333, 600])('with %i calls makes no more, and uses most of them', async (calls) => {
    for (const seed of [1, 2]) {
      const world = instructionWorld(seed, options);
      const { search } = await runStrategy(world, { strategy, calls, seed });
      expect(search.calls).toBeLessThanOrEqual(calls);
      expect(search.calls).toBeGreaterThan(calls - 60);
      const measured = world.requests.length + world.questions.length;
      expect(measured).toBeLessThanOrEqual(search.calls + 2 * 60);
    }
  });

  it('takes the same way twice, whatever the concurrency, and another with another seed', async () => {
    const run = (concurrency: number, seed: number) =>
      runStrategy(instructionWorld(5, { ...options, concurrency }), { strategy, calls: 500, seed });
    const once = await run(1, 3);
    expect((await run(8, 3)).search).toEqual(once.search);
    expect((await run(8, 4)).search).not.toEqual(once.search);
  });

  it('shows the proposer no row of dev or test, and asks about test only after it has ended', async () => {
    const world = instructionWorld(2, options);
    const { search } = await runStrategy(world, { strategy, calls: 600 });
    const searched = world.requests.length - 2 * world.splits.test.examples.length;
    expect(searched + world.questions.length).toBe(search.calls);
    const test = new Set(world.splits.test.examples.map(({ input }) => String(input['text'])));
    const first = world.requests.slice(0, searched).flatMap((messages) => parcelsOf(messages));
    expect(first.some((parcel) => test.has(parcel))).toBe(false);
    const asked = world.questions.flat().map(({ content }) => content);
    const others = [...world.splits.dev.examples, ...world.splits.test.examples];
    expect(asked.length).toBeGreaterThan(5);
    expect(others.some(({ input }) => asked.some((text) => text.includes(String(input['text']))))).toBe(
      false,
    );
  });

  it('ends at once where the prompt as it was cannot be measured', async () => {
    const world = instructionWorld(1, options);
    const model = asking(world.model, async () => {
      throw new ModelError('too long', { fatal: false });
    });
    await expect(runStrategy({ ...world, model }, { strategy, calls: 600 })).rejects.toThrow(
      'none of the first 16 examples could be measured; the first,',
    );
    expect(world.requests).toEqual([]);
  });

  it('proposes nothing for labels that mean nothing, but for rare luck', async () => {
    let proposals = 0;
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const world = instructionWorld(seed, { ...options, shuffled: true });
      const { accepted } = await runStrategy(world, { strategy, calls: 500, seed });
      proposals += accepted ? 1 : 0;
    }
    expect(proposals).toBeLessThanOrEqual(1);
  });

  it('ends when the user stops it', async () => {
    const world = instructionWorld(1, options);
    const controller = new AbortController();
    const model = asking(world.model, async (request) => {
      if (world.requests.length === 100) controller.abort(new Error('stopped'));
      return world.model.complete(request);
    });
    const run = runStrategy({ ...world, model }, { strategy, calls: 600, signal: controller.signal });
    await expect(run).rejects.toThrow('stopped');
    expect(world.requests.length).toBeLessThan(110);
  });
});

describe('reflection', () => {
  it('enters only what does better on rows it was made from', async () => {
    const { search } = await runStrategy(instructionWorld(4, options), {
      strategy: 'reflection',
      calls: 900,
    });
    const reworded = search.candidates.flatMap(({ why }) => {
      const [, was, is] = /reworded \((\S+) to (\S+) of \d+ on training rows\)/.exec(why) ?? [];
      return was === undefined ? [] : [{ was: Number(was), is: Number(is) }];
    });
    expect(reworded.length).toBeGreaterThan(5);
    for (const { was, is } of reworded) expect(is).toBeGreaterThan(was);
  });

  it('takes out sentences that help nothing, and tells so', async () => {
    const chatty = { ...options, dilution: 0.08, proposer: { filler: 0.9, error: 0, forgets: 0 } };
    const shortened = [];
    for (const seed of [1, 2, 3]) {
      const { search } = await runStrategy(instructionWorld(seed, chatty), {
        strategy: 'reflection',
        calls: 2500,
        seed,
      });
      const byId = new Map(search.candidates.map((candidate) => [candidate.id, candidate]));
      let at = search.candidates.find(({ fate }) => fate === 'picked');
      while (at) {
        if (/without its sentence/.test(at.why)) shortened.push(at.why);
        at = at.parent === null ? undefined : byId.get(at.parent);
      }
    }
    expect(shortened.length).toBeGreaterThan(1);
  });

  it('ends when its proposer only repeats itself', async () => {
    const world = instructionWorld(1, options);
    const proposer = asking(world.proposer, async (request) => ({
      ...(await world.proposer.complete(request)),
      text: `<instruction>${task} Nothing else.</instruction>`,
    }));
    const { search } = await runStrategy(world, { strategy: 'reflection', calls: 1500, proposer });
    expect(search.ended).toBe('the proposer only repeated itself');
  });
});
