import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { majority } from '../../src/models/composite/vote.ts';
import { ModelError } from '../../src/models/model.ts';
import { compositeOf, member, question } from './composite-members.ts';
import { completion } from './fake-model.ts';

const json = { format: 'json' } as const;

async function voted(texts: readonly string[], format?: Parameters<typeof question>[1]): Promise<string> {
  const members = texts.map((text, index) => member(`a/${index}`, [text]));
  return (await (await compositeOf({ type: 'vote' }, members)).complete(question('?', format))).text;
}

describe('a vote', () => {
  it.each([
    ['the most', ['red', 'blue', 'blue'], 'blue'],
    ['the first of as many', ['green', 'blue', 'red', 'blue', 'green'], 'green'],
    ['the same in other words, in its clearest form', ['blue', 'Colour: red', 'red', 'RED.'], 'red'],
    ['what can be read before what cannot', ['violet', 'violet', 'red'], 'red'],
    ['the first where nothing can be read', ['pink', 'violet', 'mauve'], 'pink'],
    ['no blank answer', ['', '  ', 'red'], 'red'],
  ])('gives %s: %j', async (_, texts, winner) => {
    expect(await voted(texts)).toBe(winner);
  });

  it('compares texts without case, spaces and a last full stop where no format is asked for', async () => {
    expect(await voted(['London', ' paris', 'Paris.\n'], null)).toBe(' paris');
    expect(await voted(['C', 'C++', 'C++'], null)).toBe('C++');
    expect(await voted(['', '', 'Paris'], null)).toBe('Paris');
  });

  it('compares values whatever the order of their keys', async () => {
    expect(await voted(['{"a":2}', '{"a":1,"b":["X"]}', '{"b":["x"],"a":1}'], json)).toBe(
      '{"a":1,"b":["X"]}',
    );
    expect(await voted(['{"a":[1,2]}', '{"a":[2,1]}', '{"a":[2,1]}'], json)).toBe('{"a":[2,1]}');
  });

  it('takes an answer nested without end for what it is', async () => {
    const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect(await voted([deep, '{"a":1}', '{"a":1}'], json)).toBe('{"a":1}');
  });

  it('asks one model several times, each time as another repeat', async () => {
    const asked = member('a/1', ({ repeat }) => (repeat % 5 < 2 ? 'red' : 'blue'));
    const model = await compositeOf({ type: 'vote', samples: 5 }, [asked]);
    for (const repeat of [0, 1]) {
      const answer = await model.complete(question('sky', undefined, repeat));
      expect(answer).toMatchObject({ text: 'blue', inputTokens: 50, latencyMs: 12.5 });
    }
    expect(asked.asked.map(({ repeat }) => repeat)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('takes as long as the slowest', async () => {
    const members = [300, 100, 200].map((latencyMs, index) =>
      member(`a/${index}`, [{ text: 'red', latencyMs }]),
    );
    const answer = await (await compositeOf({ type: 'vote' }, members)).complete(question());
    expect(answer).toMatchObject({ latencyMs: 300, inputTokens: 30 });
    expect(answer.members).toMatchObject({ 'a/0': { calls: 1 }, 'a/1': { calls: 1 }, 'a/2': { calls: 1 } });
  });

  it('fails where one fails, for good where that one does, and not before the others have ended', async () => {
    let isAnswered = false;
    const slow = member('a/slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      isAnswered = true;
      return 'red';
    });
    const failing = member('a/failing', [new ModelError('busy', { fatal: false })]);
    const dead = member('a/dead', [new ModelError('wrong key', { fatal: true })]);
    const model = await compositeOf({ type: 'vote' }, [failing, slow, dead]);
    await expect(model.complete(question())).rejects.toMatchObject({ message: 'wrong key', fatal: true });
    expect(isAnswered).toBe(true);
  });

  it('is won by nothing that fewer said, and by the same answer whoever gave it', () => {
    const texts = fc.array(fc.constantFrom<string>('red', 'green', 'blue'), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(texts, fc.array(fc.nat()), (said, keys) => {
        const answers = said.map((text) => ({ completion: completion({ text }), parsed: null }));
        const votes = (text: string) => said.filter((each) => each === text).length;
        const winner = majority(answers).completion.text;
        const most = Math.max(...said.map(votes));
        expect(votes(winner)).toBe(most);
        expect(said.indexOf(winner)).toBe(
          Math.min(...said.flatMap((text, at) => (votes(text) === most ? [at] : []))),
        );
        const shuffled = answers
          .map((answer, at) => ({ answer, key: keys[at] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ answer }) => answer);
        expect(votes(majority(shuffled).completion.text)).toBe(most);
      }),
    );
  });
});
