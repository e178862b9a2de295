import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/models/model.ts';
import { type InstructionWorld, instructionWorld, parcelsOf } from './instruction-world.ts';
import { expectCallsKept, runStrategy } from './run-strategy.ts';

/** Rules that can be told, and rules that only demonstrations show. */
const both = { tacit: 3, noise: 0.05 };

async function meanWorth(strategy: 'auto' | 'reflection' | 'search', calls: number) {
  let sum = 0;
  for (const seed of [1, 2, 3, 4, 5]) {
    sum += (await runStrategy(instructionWorld(seed, both), { strategy, calls, seed })).worths.pick / 5;
  }
  return sum;
}

const optimize = (world: InstructionWorld, setting: Partial<Parameters<typeof runStrategy>[1]> = {}) =>
  runStrategy(world, { strategy: 'auto', calls: 600, ...setting });

describe('auto', () => {
  it('finds wording and demonstrations, where either alone leaves much undone', async () => {
    const auto = await meanWorth('auto', 800);
    expect(auto).toBeGreaterThan(0.75);
    expect(auto).toBeGreaterThan((await meanWorth('reflection', 800)) + 0.1);
    expect(auto).toBeGreaterThan((await meanWorth('search', 800)) + 0.3);
  });

  it('builds wordings and demonstrations on one another, in one climb', async () => {
    for (const seed of [1, 2, 3]) {
      const { search } = await optimize(instructionWorld(seed, both), { calls: 800, seed });
      const byId = new Map(search.candidates.map((candidate) => [candidate.id, candidate]));
      const line: string[] = [];
      for (
        let at = search.candidates.find(({ fate }) => fate === 'picked');
        at;
        at = byId.get(at.parent ?? -1)
      ) {
        line.push(at.why);
      }
      expect(line.some((why) => /reworded/.test(why))).toBe(true);
      expect(line.some((why) => /demonstrations|in place of/.test(why))).toBe(true);
    }
  });

  it('measures no candidate twice on a row', async () => {
    const world = instructionWorld(2, { ...both, sizes: { test: 20 } });
    const { search } = await optimize(world);
    const { train, dev } = world.splits;
    const texts = [...train.examples, ...dev.examples].map(({ input }) => String(input['text']));
    const isOneRow = (text: string) => texts.filter((each) => each === text).length === 1;
    const requests = world.requests
      .slice(0, search.calls - world.questions.length)
      .filter((messages) => isOneRow(parcelsOf(messages).at(-1) ?? ''))
      .map((messages) => JSON.stringify(messages));
    expect(requests.length).toBeGreaterThan(search.calls / 2);
    expect(new Set(requests).size).toBe(requests.length);
    for (const { standings } of search.candidates) {
      const rows = standings.map((standing) => standing.rows);
      expect(rows).toEqual([...rows].sort((a, b) => a - b));
    }
  });

  it('asks the proposer on a small budget too', async () => {
    const world = instructionWorld(1, both);
    const { search } = await optimize(world, { calls: 260 });
    expect(world.questions.length).toBeGreaterThan(1);
    expect(search.candidates.length).toBeGreaterThan(2);
  });

  it('without a proposer is the search', async () => {
    const setting = { proposer: null, calls: 300 };
    const auto = await optimize(instructionWorld(1, both), setting);
    const search = await optimize(instructionWorld(1, both), { ...setting, strategy: 'search' });
    expect(auto.search.ended).toContain('no proposer is configured');
    expect({ ...auto, search: { ...auto.search, ended: search.search.ended } }).toEqual(search);
    expect(auto.search.strategy).toBe('search');
  });

  it('tries the wordings of the author when the proposer gave no better one', async () => {
    const world = instructionWorld(1, both);
    const alternatives = ['List the codes, or say none.'];
    const proposer = {
      ...world.proposer,
      complete: async (...args: Parameters<typeof world.proposer.complete>) => ({
        ...(await world.proposer.complete(...args)),
        text: 'No.',
      }),
    };
    const { search } = await optimize({ ...world, prompt: { ...world.prompt, alternatives } }, { proposer });
    expect(search.candidates.some(({ why }) => why.includes('reworded'))).toBe(false);
    expect(search.candidates.some(({ choices }) => choices.instruction === alternatives[0])).toBe(true);
  });

  it('comes to the same end with the same seed, whatever the concurrency', async () => {
    const options = { ...both, sizes: { test: 40 } };
    const once = await optimize(instructionWorld(2, { ...options, concurrency: 1 }));
    const again = await optimize(instructionWorld(2, { ...options, concurrency: 9 }));
    expect(again).toEqual(once);
  });

  it.each([180, 260, 500])('never passes its %i calls, and uses most of them', async (calls) => {
    for (const seed of [1, 2, 3]) {
      const world = instructionWorld(seed, { ...both, sizes: { test: 20 } });
      const result = await optimize(world, { calls, seed });
      expectCallsKept(world, result, calls);
      expect(result.search.calls).toBeGreaterThan(calls - 80);
    }
  });

  it('ends at once when the proposer fails for good', async () => {
    const world = instructionWorld(1, both);
    const error = new ModelError('the key is wrong', { fatal: true });
    await expect(
      optimize(world, { proposer: { ...world.proposer, complete: () => Promise.reject(error) } }),
    ).rejects.toBe(error);
  });
});
