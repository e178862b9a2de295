import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/models/model.ts';
import { compositeOf, type Member, member, question, textsOf } from './composite-members.ts';

const routed = (until: Record<string, unknown>, members: readonly Member[]) =>
  compositeOf({ type: 'route', until }, members);

describe('a route', () => {
  it.each([
    ['breaks the format', { format: 'exact' }, { text: 'red!' }, { text: 'red' }],
    ['cannot be read', { format: 'readable' }, { text: 'violet' }, { text: 'Colour: red.' }],
    ['is empty', { complete: true }, { text: ' \n' }, { text: 'red!' }],
    ['is cut off', { complete: true }, { text: 'red', finishReason: 'length' }, { text: 'violet' }],
    ['is the word for giving none', { abstention: 'unknown' }, { text: 'Unknown.' }, { text: 'red' }],
    [
      'has that word in a field',
      { abstention: 'unknown' },
      { text: 'Colour: unknown' },
      { text: 'unknowable' },
    ],
  ] as const)('asks the stronger model where an answer %s, and there only', async (_, until, bad, good) => {
    const small = member('a/small', [bad, good]);
    const strong = member('a/strong', ['green']);
    const model = await routed(until, [small, strong]);
    expect(await textsOf(model, [question('one'), question('two')])).toEqual(['green', good.text]);
    expect(strong.asked.map(({ messages }) => messages[0]?.content)).toEqual(['one']);
  });

  it('asks for all that is named, and goes through more than two models', async () => {
    const models = [member('a/1', ['unknown']), member('a/2', ['pink']), member('a/3', ['blue'])];
    const until = { format: 'exact', abstention: 'unknown' };
    const answer = await (await routed(until, models)).complete(question());
    expect(answer.text).toBe('blue');
    expect(models.map(({ asked }) => asked.length)).toEqual([1, 1, 1]);
  });

  it('lets the answer of the last model stand, whatever it is', async () => {
    const model = await routed({ format: 'exact' }, [member('a/1', ['pink']), member('a/2', ['violet'])]);
    expect((await model.complete(question())).text).toBe('violet');
  });

  it('has no format to check where the request asks for none', async () => {
    const model = await routed({ format: 'exact' }, [member('a/1', ['pink']), member('a/2', ['red'])]);
    expect((await model.complete(question('?', null))).text).toBe('pink');
  });

  it('asks again for agreement, each time as another repeat, and not of an answer that will not do anyway', async () => {
    const small = member('a/small', ({ repeat }) => (repeat === 4 ? 'Red.' : repeat > 4 ? 'blue' : 'red'));
    const strong = member('a/strong', ['green']);
    const until = { format: 'readable', agreement: 3 };
    const model = await routed(until, [small, strong]);
    const requests = [0, 1].map((repeat) => question('sky', undefined, repeat));
    expect(await textsOf(model, requests)).toEqual(['red', 'green']);
    expect(small.asked.map(({ repeat }) => repeat)).toEqual([0, 1, 2, 3, 4, 5]);
    const babbling = member('a/babbling', ['...']);
    await (await routed(until, [babbling, strong])).complete(question());
    expect(babbling.asked).toHaveLength(1);
  });

  it('adds up what all of it took: one after another, and samples at the same time', async () => {
    const took = { inputTokens: 10, outputTokens: 1, usd: 0.01 };
    const small = member('a/small', [
      { ...took, text: 'red', latencyMs: 100, attempts: 2, cached: true },
      { ...took, text: 'blue', latencyMs: 30, cached: true },
      { ...took, text: 'red', latencyMs: 50, cached: true },
    ]);
    const strong = member('a/strong', [
      { ...took, text: 'green', usd: 0.1, latencyMs: 1000, attempts: 3, finishReason: 'length' },
    ]);
    const answer = await (await routed({ agreement: 3 }, [small, strong])).complete(question());
    const { usd, members, ...rest } = answer;
    expect(rest).toEqual({
      text: 'green',
      finishReason: 'length',
      inputTokens: 40,
      outputTokens: 4,
      latencyMs: 1150,
      attempts: 4,
      cached: false,
    });
    expect(usd).toBeCloseTo(0.13);
    expect(members).toMatchObject({
      'a/small': { calls: 3, cached: 3, inputTokens: 30, retries: 1 },
      'a/strong': { calls: 1, cached: 0, inputTokens: 10, usd: 0.1, retries: 2 },
    });
  });

  it('adds up what it took to where an answer stood', async () => {
    const models = [member('a/1', ['pink']), member('a/2', ['blue']), member('a/3', ['red'])];
    const answer = await (await routed({ format: 'exact' }, models)).complete(question());
    expect(answer).toMatchObject({ text: 'blue', inputTokens: 20, latencyMs: 25 });
    expect(Object.keys(answer.members ?? {})).toEqual(['a/1', 'a/2']);
  });

  it('is answered from the store when each part is, and costs an unknown amount when one part does', async () => {
    const small = member('a/small', [{ text: 'pink', cached: true, usd: null }]);
    const strong = member('a/strong', [{ text: 'red', cached: true, usd: 1 }]);
    const answer = await (await routed({ format: 'exact' }, [small, strong])).complete(question());
    expect(answer).toMatchObject({ cached: true, usd: null });
  });

  it('fails as the model that failed', async () => {
    const failure = new ModelError('a/small: HTTP 500', { fatal: false });
    const strong = member('a/strong', ['red']);
    const model = await routed({ format: 'exact' }, [member('a/small', [failure]), strong]);
    await expect(model.complete(question())).rejects.toBe(failure);
    expect(strong.asked).toEqual([]);
  });
});
