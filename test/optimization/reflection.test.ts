import { describe, expect, it } from 'vitest';
import { type Model, ModelError } from '../../src/models/model.ts';
import type { Message } from '../../src/prompts/prompt.ts';
import { type InstructionWorld, instructionWorld, task } from './instruction-world.ts';
import { expectCallsKept, runStrategy } from './run-strategy.ts';

const reflect = (world: InstructionWorld, setting: Partial<Parameters<typeof runStrategy>[1]> = {}) =>
  runStrategy(world, { strategy: 'reflection', calls: 1000, ...setting });

/** A proposer that answers each question with the text it is given. */
function answering({ proposer }: InstructionWorld, answer: (messages: readonly Message[]) => string): Model {
  return {
    ...proposer,
    complete: async (request, signal) => ({
      ...(await proposer.complete(request, signal)),
      text: answer(request.messages),
    }),
  };
}

const between = (instruction: string) => `<instruction>\n${instruction}\n</instruction>`;

/** Everything of a question but who is asked. */
const textOf = (messages: readonly Message[]) => messages.map(({ content }) => content).join('\n');

describe('reflection', () => {
  it('learns the hidden rules', async () => {
    const shares: number[] = [];
    for (const seed of [1, 2, 3, 4, 5]) {
      const { worths, accepted } = await reflect(instructionWorld(seed, { noise: 0.1 }), { seed });
      shares.push(worths.pick / worths.oracle);
      expect(accepted).toBe(true);
      expect(worths.pick).toBeGreaterThan(worths.base + 0.2);
    }
    expect(shares.reduce((sum, share) => sum + share, 0) / 5).toBeGreaterThan(0.85);
  });

  it('changes the instruction and nothing else', async () => {
    const { head, search } = await reflect(instructionWorld(1), { calls: 400 });
    const [system, ...rest] = head?.messages ?? [];
    expect(system?.content).not.toBe(task);
    expect(rest).toEqual(instructionWorld(1).prompt.messages.slice(1));
    for (const { choices } of search.candidates) {
      expect(choices).toMatchObject({ layout: 'instruction first', demonstrations: [] });
    }
  });

  it('enters a new wording only where it did better on the rows it was made from', async () => {
    for (const seed of [1, 2, 3]) {
      const { search } = await reflect(instructionWorld(seed, { noise: 0.1 }), { seed });
      const tried = search.candidates.flatMap(({ why }) => {
        const [, before, after, rows] =
          /^\d+ reworded \((.+) to (.+) of (\d+) on training rows\)$/.exec(why) ?? [];
        return rows === undefined
          ? []
          : [{ before: Number(before), after: Number(after), rows: Number(rows) }];
      });
      expect(tried.length).toBeGreaterThan(3);
      for (const { before, after, rows } of tried) {
        expect(after).toBeGreaterThan(before);
        expect(rows).toBeGreaterThan(0);
      }
    }
  });

  it('names the parent of every candidate, one that was entered before', async () => {
    const { search } = await reflect(instructionWorld(2, { noise: 0.1 }), { seed: 2 });
    const [base, ...made] = search.candidates;
    expect(base?.parent).toBeNull();
    expect(made.length).toBeGreaterThan(4);
    for (const { id, parent, why } of made) {
      expect(parent).not.toBeNull();
      expect(parent).toBeLessThan(id);
      expect(why.startsWith(`${parent} `)).toBe(true);
    }
  });

  it('shows the proposer training rows only, with what was said of them', async () => {
    const world = instructionWorld(3, { noise: 0.1 });
    await reflect(world, { calls: 600 });
    const texts = world.questions.map(textOf);
    expect(texts.length).toBeGreaterThan(8);
    for (const text of texts) expect(text).not.toMatch(/\b(dev|test)-\d/);
    const asked = texts.filter((text) => /<feedback-\w{8}>\n.*parcel needs/.test(text));
    expect(asked.length).toBeGreaterThan(texts.length / 2);
  });

  it('comes to the same end with the same seed, whatever the concurrency, and to another with another', async () => {
    const options = { noise: 0.1, sizes: { test: 40 } };
    const ended = (concurrency: number, seed: number) =>
      reflect(instructionWorld(2, { ...options, concurrency }), { calls: 500, seed });
    const once = await ended(1, 1);
    expect(await ended(9, 1)).toEqual(once);
    expect((await ended(1, 2)).search.candidates).not.toEqual(once.search.candidates);
  });

  it.each([181, 230, 400, 700])('never passes its %i calls', async (calls) => {
    for (const seed of [1, 2, 3]) {
      const world = instructionWorld(seed, { noise: 0.1, sizes: { test: 20 } });
      expectCallsKept(world, await reflect(world, { calls, seed }), calls);
      expect(world.questions.length).toBeGreaterThan(0);
    }
  });

  it('asks for nothing where nothing is wrong', async () => {
    const world = instructionWorld(1);
    const [, question] = world.prompt.messages;
    const messages = [{ role: 'system' as const, content: world.oracle }, ...(question ? [question] : [])];
    const { search, accepted } = await reflect({ ...world, prompt: { ...world.prompt, messages } });
    expect(world.questions).toEqual([]);
    expect(search.ended).toBe('nothing was left to learn from the training rows');
    expect(accepted).toBe(false);
  });
});

describe('a proposed instruction that keeps not to the rules', () => {
  /** A world whose instruction holds a placeholder, and whose rows are long enough to be copied. */
  function strictWorld(): InstructionWorld {
    const world = instructionWorld(1);
    const { train } = world.splits;
    const examples = train.examples.map((example) => ({
      ...example,
      input: {
        ...example.input,
        note: `the parcel ${example.id} stood at the gate for nine days and nobody came for it`,
      },
    }));
    const [, question] = world.prompt.messages;
    const system = { role: 'system' as const, content: `${task} It holds {{text}}` };
    return {
      ...world,
      prompt: { ...world.prompt, messages: [system, ...(question ? [question] : [])] },
      splits: { ...world.splits, train: { ...train, examples } },
    };
  }
  const noteIn = (messages: readonly Message[]) => /note: (.*)/.exec(textOf(messages))?.[1] ?? '';
  const sound = `${task} {{text}} REFUSED`;

  it.each<[string, (messages: readonly Message[]) => string, string]>([
    ['drops a placeholder', () => between(`${task} REFUSED`), 'it drops {{text}}'],
    ['adds one', () => between(`${sound} {{codes}}`), 'it adds {{codes}}'],
    ['is too long', () => between(`${sound} ${'very '.repeat(700)}`), 'it is longer than 3000 characters'],
    [
      'copies a training row, in other case and punctuation',
      (messages) => between(`${sound}: ${noteIn(messages).toUpperCase().replaceAll(' ', ', ')}!`),
      'it copies a row of the training data',
    ],
    [
      'holds a mark of the question',
      () => between(`${sound} <input-0123abcd>`),
      'it repeats a mark of the question',
    ],
    ['hides characters', () => between(`${sound} \u001b[2J`), 'it holds characters that cannot be seen'],
    [
      'is no instruction',
      () => `REFUSED: ${task} {{text}}`,
      'its answer holds no instruction between the marks',
    ],
    ['is empty', () => ' \n', 'its answer is empty'],
  ])('costs no call when it %s, and the fifth in a row is the last', async (_, answer, why) => {
    const world = strictWorld();
    const { search, accepted, reason } = await reflect(world, { proposer: answering(world, answer) });
    expect(world.questions).toHaveLength(5);
    expect(search.ended).toBe(
      `the proposer gave nothing usable 5 times in a row, the last time because ${why}`,
    );
    expect(search.candidates).toHaveLength(1);
    expect(world.requests.some((messages) => textOf(messages).includes('REFUSED'))).toBe(false);
    expect({ accepted, isSaid: reason.startsWith('No improvement: ') }).toEqual({
      accepted: false,
      isSaid: true,
    });
  });

  it('is forgotten with the next sound one', async () => {
    const world = instructionWorld(1, { proposer: { mishap: 0 } });
    let asked = 0;
    const proposer = answering(world, (messages) => {
      asked += 1;
      return asked % 5 === 0 ? world.propose(messages) : 'No.';
    });
    const { search } = await reflect(world, { proposer, calls: 700 });
    expect(search.ended).not.toContain('nothing usable');
    expect(asked).toBeGreaterThan(10);
  });
});

describe('a proposer that always writes the same instruction', () => {
  it('never gets it into the race when it is no better, and ends within the calls', async () => {
    const world = instructionWorld(1, { sizes: { test: 20 } });
    const proposer = answering(world, () => between(`${task} Parcels matter to people.`));
    const { search, accepted } = await reflect(world, { proposer, calls: 400 });
    expect(search.candidates).toHaveLength(1);
    expect(search.calls).toBeLessThanOrEqual(400);
    expect(accepted).toBe(false);
  });
});

describe('a proposer that fails', () => {
  const failing = ({ proposer }: InstructionWorld, error: unknown): Model & { asked: number } => {
    const model = {
      ...proposer,
      asked: 0,
      complete: () => {
        model.asked += 1;
        return Promise.reject(error);
      },
    };
    return model;
  };

  it('for good ends the run at its first question', async () => {
    const world = instructionWorld(1);
    const error = new ModelError('the key is wrong', { fatal: true });
    const proposer = failing(world, error);
    await expect(reflect(world, { proposer })).rejects.toBe(error);
    expect(proposer.asked).toBe(1);
  });

  it('on question after question ends the run with the failure of the fifth', async () => {
    const world = instructionWorld(1);
    const error = new ModelError('HTTP 503', { fatal: false });
    const proposer = failing(world, error);
    await expect(reflect(world, { proposer })).rejects.toBe(error);
    expect(proposer.asked).toBe(5);
  });

  it('now and then loses those questions and nothing else', async () => {
    const world = instructionWorld(1, { noise: 0.1 });
    let asked = 0;
    const proposer: Model = {
      ...world.proposer,
      complete: (...request) => {
        asked += 1;
        if (asked % 3 === 0) return Promise.reject(new ModelError('HTTP 503', { fatal: false }));
        return world.proposer.complete(...request);
      },
    };
    const { accepted, search } = await reflect(world, { proposer });
    expect(accepted).toBe(true);
    expect(search.ended).toBe('the budget of calls was used');
  });
});

it('reflection ends at once when it is stopped', async () => {
  const world = instructionWorld(1);
  const stop = new AbortController();
  const proposer = answering(world, (messages) => {
    if (world.questions.length === 3) stop.abort();
    return world.propose(messages);
  });
  await expect(reflect(world, { proposer, signal: stop.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(world.questions).toHaveLength(3);
});
