import { describe, expect, it } from 'vitest';
import { storeError } from '../../src/models/answer-store-errors.ts';
import { BudgetReached } from '../../src/models/budget.ts';
import { ModelError } from '../../src/models/model.ts';
import { type FailureReason, RequestFailure } from '../../src/models/request-failure.ts';
import { noUsage } from '../../src/models/usage.ts';
import { compositeOf, type Member, member, question, textsOf } from './composite-members.ts';

const falling = (members: readonly Member[]) => compositeOf({ type: 'fallback' }, members);

function failure(
  reason: FailureReason,
  { fatal = false, attempts = 4, status }: Partial<Failing> = {},
): ModelError {
  const cause = new RequestFailure(reason, reason, status === undefined ? {} : { status });
  return new ModelError(`it failed: ${reason}`, { fatal, attempts, hint: 'Mend it', cause });
}

type Failing = { fatal: boolean; attempts: number; status: number };

const questions = (n: number) => Array.from({ length: n }, (_, index) => question(`question ${index}`));

describe('a fallback', () => {
  it('asks the next model where one fails, and says what was asked of each', async () => {
    const broken = failure('invalid');
    const [first, second, third] = [member('a/1', [broken]), member('a/2', ['red']), member('a/3', ['blue'])];
    const answer = await (await falling([first, second, third])).complete(question());
    expect(answer).toMatchObject({
      text: 'red',
      attempts: 4,
      inputTokens: 10,
      usd: 0.001,
      latencyMs: 12.5,
      cached: false,
    });
    expect(answer.members).toEqual({
      'a/1': { ...noUsage, calls: 1, retries: 3 },
      'a/2': { calls: 1, cached: 0, inputTokens: 10, outputTokens: 2, usd: 0.001, retries: 0 },
    });
    expect(third.asked).toEqual([]);
  });

  it('does not ask again in this run what failed for good', async () => {
    const dead = member('a/dead', [failure('unreachable', { fatal: true })]);
    const model = await falling([dead, member('a/sound', [{ text: 'red', cached: true }])]);
    expect(await textsOf(model, questions(5))).toEqual(Array(5).fill('red'));
    expect(dead.asked).toHaveLength(1);
    const later = await model.complete(question());
    expect(later.cached).toBe(true);
    expect(Object.keys(later.members ?? {})).toEqual(['a/sound']);
  });

  it('gives a model up after three outages in a row; an answer between them begins the count anew', async () => {
    const down = failure('timeout');
    const busy = failure('status', { status: 503 });
    const first = member('a/1', [down, busy, 'blue', down, down, busy, 'never asked for']);
    const model = await falling([first, member('a/2', ['red'])]);
    expect(await textsOf(model, questions(8))).toEqual(['red', 'red', 'blue', ...Array(5).fill('red')]);
    expect(first.asked).toHaveLength(6);
  });

  it.each([
    ['refuses what it is asked', failure('refused', { attempts: 1 })],
    ['finds fault with the request', failure('status', { status: 400, attempts: 1 })],
    ['cannot take so long a prompt', new ModelError('too long', { fatal: false, kind: 'input' })],
  ])('goes on asking a model that %s: that is no outage', async (_, error) => {
    const first = member('a/1', [error]);
    await textsOf(await falling([first, member('a/2', ['red'])]), questions(6));
    expect(first.asked).toHaveLength(6);
  });

  it('goes on asking the last model, as nobody stands behind it', async () => {
    const last = member('a/last', [failure('timeout')]);
    const model = await falling([member('a/dead', [failure('unreachable', { fatal: true })]), last]);
    for (const each of questions(5))
      await expect(model.complete(each)).rejects.toMatchObject({ fatal: false });
    expect(last.asked).toHaveLength(5);
  });

  it('fails when all do, with all reasons, and ends the run only when none can be asked any more', async () => {
    const first = member('a/1', [
      failure('refused', { attempts: 1 }),
      failure('unreachable', { fatal: true }),
    ]);
    const model = await falling([
      first,
      member('a/2', [failure('timeout'), failure('status', { fatal: true })]),
    ]);
    const [one, two] = questions(2);
    await expect(model.complete(one!)).rejects.toMatchObject({
      message: 'composite/it: no model answered: it failed: refused; it failed: timeout',
      hint: 'Mend it',
      fatal: false,
      attempts: 4,
    });
    await expect(model.complete(two!)).rejects.toMatchObject({ fatal: true });
    await expect(model.complete(one!)).rejects.toMatchObject({
      fatal: true,
      message: expect.stringContaining('unreachable'),
    });
    expect(first.asked).toHaveLength(2);
  });

  it.each([
    ['a budget that is reached', new BudgetReached('calls', { calls: 1 }, noUsage)],
    [
      'a store that cannot keep answers',
      storeError(Object.assign(new Error('full'), { errcode: 13 }), 'answers.sqlite', 0),
    ],
    ['a mistake in the program', new TypeError('x is not a function')],
  ])('is no way round %s', async (_, error) => {
    const second = member('a/2', ['red']);
    const model = await falling([member('a/1', [error as Error]), second]);
    await expect(model.complete(question())).rejects.toBe(error);
    expect(second.asked).toEqual([]);
  });

  it('asks nobody else after a run was cancelled', async () => {
    const cancelled = new AbortController();
    const second = member('a/2', ['red']);
    const first = member('a/1', () => {
      cancelled.abort();
      return new ModelError('The run was cancelled', { fatal: true, attempts: 2 });
    });
    await expect((await falling([first, second])).complete(question(), cancelled.signal)).rejects.toThrow(
      'cancelled',
    );
    expect(second.asked).toEqual([]);
  });
});
