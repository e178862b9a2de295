import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PromptlineError } from '../../src/errors.ts';
import { type Budget, type BudgetLimits, createBudget } from '../../src/models/budget.ts';
import { noUsage, type Usage } from '../../src/models/usage.ts';
import { requireCalls, reserveFor } from '../../src/optimization/reserve.ts';

describe('the calls left for a search', () => {
  it('are those that the final measurement does not take', () => {
    expect(requireCalls('colours/name', 600, { finalCalls: 200, devRows: 60, newcomerCalls: 0 })).toBe(400);
  });

  it('when too few, are refused with a number that would do, and one less would not', () => {
    const sizes = fc.record({
      finalCalls: fc.integer({ min: 2, max: 500 }),
      devRows: fc.integer({ min: 1, max: 500 }),
      newcomerCalls: fc.constantFrom(0, 13, 14),
    });
    fc.assert(
      fc.property(sizes, (needs) => {
        const least = advised(() => requireCalls('colours/name', 1, needs));
        expect(requireCalls('colours/name', least, needs)).toBe(least - needs.finalCalls);
        expect(advised(() => requireCalls('colours/name', least - 1, needs))).toBe(least);
      }),
    );
  });

  function advised(refused: () => unknown): number {
    try {
      refused();
    } catch (error) {
      if (!(error instanceof PromptlineError)) throw error;
      expect(error).toMatchObject({ kind: 'input', message: expect.stringContaining('colours/name') });
      return Number(/--calls (\d+)/.exec(error.hint ?? '')?.[1]);
    }
    throw new Error('nothing was refused');
  }
});

describe('the reserve for the final measurement', () => {
  /** 100 calls so far; 50 wait in the final measurement, for which 62.5 are kept back. */
  const askedWith = (limits: BudgetLimits, fields: Partial<Usage> = {}, minutes = 0, searchCalls = 100) => {
    const budget: Budget = {
      ...createBudget(limits, () => 0),
      spent: { ...noUsage, calls: 100, inputTokens: 900, outputTokens: 100, usd: 1, ...fields },
      elapsedMinutes: () => minutes,
    };
    return reserveFor(budget, 50, () => searchCalls);
  };

  it.each([
    ['dollars', { usd: 1.7 }, 0, '$1.7'],
    ['tokens', { tokens: 1700 }, 0, '1700 tokens'],
    ['minutes', { minutes: 17 }, 10, '17 minutes'],
  ] as const)(
    'of %s counts the calls asked for, at the price of those so far',
    (_, limits, minutes, named) => {
      const exhausted = askedWith(limits, {}, minutes);
      expect(exhausted(0)).toBeNull();
      expect(exhausted(5)).toBeNull();
      expect(exhausted(7)).toContain(named);
      expect(exhausted(7)).toContain('final measurement');
    },
  );

  it('counts what judges and members cost as part of the calls that brought them about', () => {
    // Of 100 calls in the budget, 50 are the search's own: each took two cents.
    const exhausted = askedWith({ usd: 2.3 }, {}, 0, 50);
    expect(exhausted(0)).toBeNull();
    expect(exhausted(3)).toContain('$2.3');
  });

  it('of a share of a run is called so', () => {
    const shared = createBudget({ usd: 1 }, () => 0, 'share');
    const spent = { ...noUsage, calls: 100, usd: 0.9 };
    expect(reserveFor({ ...shared, spent }, 50, () => 100)(1)).toBe(
      'the share of $1 was used but for the final measurement',
    );
  });

  it('lets a search begin, and never ends one without limits or with an unknown price', () => {
    expect(askedWith({ usd: 0.001 }, { calls: 0, usd: 0 }, 0, 0)(50)).toBeNull();
    expect(askedWith({})(1_000_000)).toBeNull();
    expect(askedWith({ usd: 0.001 }, { usd: null })(50)).toBeNull();
  });
});
