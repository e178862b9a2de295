import { describe, expect, it } from 'vitest';
import { type Model, ModelError } from '../../src/models/model.ts';
import { readPlaybook } from '../../src/optimization/playbook-rules.ts';
import { type InstructionWorld, instructionWorld, task } from './instruction-world.ts';
import { statedRules } from './parcel-rules.ts';
import { expectCallsKept, expectPickOnEveryRow, runStrategy } from './run-strategy.ts';

const grow = (world: InstructionWorld, setting: Partial<Parameters<typeof runStrategy>[1]> = {}) =>
  runStrategy(world, { strategy: 'playbook', calls: 1000, ...setting });

/** The world's proposer, its answers to the question for operations changed. */
function curator(world: InstructionWorld, change: (operations: string) => string): Model {
  const { proposer } = world;
  return {
    ...proposer,
    async complete(request, signal) {
      const completion = await proposer.complete(request, signal);
      const isCurating = request.messages[0]?.content.includes('REPLACE') ?? false;
      return isCurating ? { ...completion, text: change(completion.text) } : completion;
    },
  };
}

const playbookOf = (messages: readonly { content: string }[] | undefined) =>
  readPlaybook(messages?.[0]?.content ?? '');

describe('a playbook', () => {
  it('grows to the hidden rules', async () => {
    const shares: number[] = [];
    for (const seed of [1, 2, 3, 4, 5]) {
      const { worths, accepted } = await grow(instructionWorld(seed, { noise: 0.1 }), { seed });
      shares.push(worths.pick / worths.oracle);
      expect(accepted).toBe(true);
    }
    expect(shares.reduce((sum, share) => sum + share, 0) / 5).toBeGreaterThan(0.9);
  });

  it('is written below the instruction, which stays as it was, a rule a line', async () => {
    const world = instructionWorld(1);
    const { head } = await grow(world);
    const { instruction, rules } = playbookOf(head?.messages);
    expect(instruction).toBe(task);
    expect(head?.messages[0]?.content).toBe(
      [`${task}\n`, 'Rules:', ...rules.map((rule) => `- ${rule}`)].join('\n'),
    );
    const right = statedRules(rules.join('\n')).filter((rule) =>
      world.rules.some(({ mark, code }) => mark === rule.mark && code === rule.code),
    );
    expect(right.length).toBeGreaterThan(5);
  });

  it('goes on from the rules that the author wrote', async () => {
    const world = instructionWorld(1);
    const [known] = world.rules;
    const [, question] = world.prompt.messages;
    const own = `${task}\n\nRules:\n- A ${known?.mark} parcel needs the code ${known?.code}.`;
    const messages = [{ role: 'system' as const, content: own }, ...(question ? [question] : [])];
    const { head } = await grow({ ...world, prompt: { ...world.prompt, messages } });
    const { instruction, rules } = playbookOf(head?.messages);
    expect(instruction).toBe(task);
    expect(rules.length).toBeGreaterThan(3);
    expect(statedRules(rules.join('\n'))).toContainEqual(known);
  });

  it('takes out a rule that helps nobody and keeps those that help', async () => {
    for (const seed of [1, 2, 3]) {
      const world = instructionWorld(seed, { rules: 4, proposer: { error: 0 } });
      const proposer = curator(world, (text) => `ADD: Parcels matter to people.\n${text}`);
      const { head, worths, search } = await grow(world, { seed, proposer });
      const { rules } = playbookOf(head?.messages);
      expect(rules).not.toContain('Parcels matter to people.');
      expect(worths.pick).toBe(worths.oracle);
      expect(search.candidates.some(({ why }) => /^\d+ without its rule 1$/.test(why))).toBe(true);
    }
  });

  it('enters other rules only where they did better on the rows they were learnt from', async () => {
    let entered = 0;
    for (const seed of [1, 2, 3]) {
      const { search } = await grow(instructionWorld(seed, { noise: 0.1 }), { seed });
      for (const { why } of search.candidates) {
        const [, before, after] =
          /^\d+ with other rules \((.+) to (.+) of \d+ on training rows\)$/.exec(why) ?? [];
        if (after === undefined) continue;
        entered += 1;
        expect(Number(after)).toBeGreaterThan(Number(before));
      }
    }
    expect(entered).toBeGreaterThan(6);
  });

  it('asks what mistakes teach, and then how the rules should change, of training rows only', async () => {
    const world = instructionWorld(3);
    await grow(world, { calls: 500 });
    expect(world.questions.length).toBeGreaterThan(8);
    for (const [index, messages] of world.questions.entries()) {
      const text = messages.map(({ content }) => content).join('\n');
      expect(text).not.toMatch(/\b(dev|test)-\d/);
      expect(text).toMatch(index % 2 === 0 ? /<feedback-\w{8}>\n.*parcel needs/ : /<insights-\w{8}>\n/);
    }
  });

  it('comes to the same end with the same seed, whatever the concurrency', async () => {
    const options = { noise: 0.1, sizes: { test: 40 } };
    const once = await grow(instructionWorld(2, { ...options, concurrency: 1 }), { calls: 400 });
    const again = await grow(instructionWorld(2, { ...options, concurrency: 9 }), { calls: 400 });
    expect(again).toEqual(once);
  });

  it.each([181, 230, 400, 700])(
    'never passes its %i calls, and the pick rests on every dev row',
    async (calls) => {
      for (const seed of [1, 2, 3]) {
        const world = instructionWorld(seed, { noise: 0.1, sizes: { test: 20 } });
        const grown = await grow(world, { calls, seed });
        expectCallsKept(world, grown, calls);
        expectPickOnEveryRow(world, grown);
      }
    },
  );

  it.each([
    ['changes nothing', () => 'The rules are fine.', 'its answer holds no change of the rules'],
    ['adds a placeholder', () => 'ADD: Mind {{text}}.', 'it adds {{text}}'],
    ['removes what is not there', () => 'REMOVE 3', 'it repeated the rules of candidate 0'],
  ])('ends after five answers in a row of which each %s', async (_, change, why) => {
    const world = instructionWorld(1, { proposer: { mishap: 0 } });
    const { search } = await grow(world, { proposer: curator(world, change) });
    expect(search.candidates).toHaveLength(1);
    expect(world.questions).toHaveLength(10);
    expect(search.ended).toBe(
      `the proposer gave nothing usable 5 times in a row, the last time because ${why}`,
    );
  });

  it('ends with the failure of its proposer', async () => {
    const world = instructionWorld(1);
    const error = new ModelError('the key is wrong', { fatal: true });
    const proposer = { ...world.proposer, complete: () => Promise.reject(error) };
    await expect(grow(world, { proposer })).rejects.toBe(error);
  });

  it('ends in "no improvement" on data without a rule, but for rare luck', async () => {
    let proposals = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const world = instructionWorld(seed, { shuffled: true, sizes: { test: 60 } });
      if ((await grow(world, { seed, calls: 300 })).accepted) proposals += 1;
    }
    expect(proposals).toBeLessThanOrEqual(1);
  });
});
