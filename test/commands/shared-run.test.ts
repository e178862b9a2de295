import { describe, expect, it } from 'vitest';
import { runShared, type Share } from '../../src/commands/shared-run.ts';
import { type BudgetLimits, createBudget, withBudget } from '../../src/models/budget.ts';
import type { Model } from '../../src/models/model.ts';
import { noTools } from '../metrics/no-tools.ts';
import { completion, fakeModel, request } from '../models/fake-model.ts';

/** A session with one model, whose every answer takes 10 tokens and 0.01 dollars. */
function sessionOf(limits: BudgetLimits, answer?: () => Promise<void>) {
  const budget = createBudget(limits, () => 0);
  const fake = fakeModel(async () => {
    await answer?.();
    return completion({ inputTokens: 9, outputTokens: 1, usd: 0.01 });
  }, 1);
  const model = withBudget(fake, budget);
  const session = {
    budget,
    through: (wrap: (model: Model) => Model) => ({ model: async () => wrap(model), tools: noTools }),
  };
  return { session, fake };
}

/** Asks until something ends it; how many answers there were. */
async function askAll({ model }: Share, most = 1000): Promise<number> {
  const asked = await model('any/model');
  for (let count = 0; count < most; count += 1) {
    const failed = await asked.complete(request(String(count))).then(
      () => false,
      () => true,
    );
    if (failed) return count;
  }
  return most;
}

const now = () => 0;

describe('parts of a run under one budget', () => {
  it('each get an equal share of what is left when they start', async () => {
    const { session } = sessionOf({ tokens: 1200 });
    const { results } = await runShared([1000, 10, 1000, 1000], session, { atOnce: 1, now }, (most, share) =>
      askAll(share, most),
    );
    // 300 of 1200; then 300 of 900, of which 100 are used; then 400 of 800, and the rest.
    expect(results).toEqual([30, 10, 40, 40]);
  });

  it('at once get the same shares, whichever ends first', async () => {
    const ends = async (delays: readonly number[]) => {
      const { session } = sessionOf({ usd: 1.2, tokens: 1200 });
      const { results } = await runShared(delays, session, { atOnce: 2, now }, async (delay, share) => {
        await new Promise((resolve) => setTimeout(resolve, delay));
        const { usd, tokens } = share.budget.limits;
        await askAll(share, 10);
        return [usd, tokens];
      });
      return results;
    };
    const once = await ends([0, 30, 0, 30]);
    expect(await ends([30, 0, 30, 0])).toEqual(once);
    // The third goes by what the first used and by what the second may use, the fourth by those two and the third.
    expect(once).toEqual([
      [0.3, 300],
      [0.3, 300],
      [0.4, 400],
      [0.6, 600],
    ]);
  });

  it('have the whole budget where there is one part', async () => {
    const { session } = sessionOf({ tokens: 100 });
    const { results } = await runShared(['only'], session, { atOnce: 4, now }, async (_, share) => {
      expect(share.budget).toBe(session.budget);
      return askAll(share);
    });
    expect(results).toEqual([10]);
  });

  it('run so many at once as they may, and their results stand in their order', async () => {
    const { session } = sessionOf({});
    let [running, most] = [0, 0];
    const { results } = await runShared([30, 0, 20, 10, 0], session, { atOnce: 2, now }, async (delay) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, delay));
      running -= 1;
      return delay;
    });
    expect({ results, most }).toEqual({ results: [30, 0, 20, 10, 0], most: 2 });
  });
});

describe('a failure of one part', () => {
  it('stops others from starting and from asking, lets open requests end, and keeps what is done', async () => {
    const started: string[] = [];
    const gate: (() => void)[] = [];
    const { session, fake } = sessionOf({}, () => new Promise((resolve) => gate.push(resolve)));
    const run = runShared(
      ['done', 'asks', 'fails', 'never'],
      session,
      { atOnce: 2, now },
      async (part, share) => {
        if (part === 'done') return part;
        started.push(part);
        const model = await share.model('any/model');
        if (part === 'asks') {
          await model.complete(request('first'));
          await model.complete(request('second'));
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
        setTimeout(() => gate[0]?.(), 20);
        throw new Error('the key is wrong');
      },
    );
    const { results, failure } = await run;
    expect(results).toEqual(['done']);
    expect(String(failure?.error)).toContain('the key is wrong');
    expect(fake.asked).toHaveLength(1);
    expect(started).toEqual(['asks', 'fails']);
  });
});
