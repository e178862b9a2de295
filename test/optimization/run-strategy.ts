import { expect } from 'vitest';
import type { OptimizeConfiguration } from '../../src/config/schema.ts';
import { type BudgetLimits, createBudget, withBudget } from '../../src/models/budget.ts';
import type { Model } from '../../src/models/model.ts';
import { optimizePrompt } from '../../src/optimization/optimize.ts';
import type { InstructionWorld } from './instruction-world.ts';

type Setting = {
  readonly strategy: OptimizeConfiguration['strategy'];
  /** Calls of the search; the final measurement comes on top. */
  readonly calls: number;
  readonly seed?: number;
  readonly limits?: BudgetLimits;
  /** In place of the world's; null for none. */
  readonly proposer?: Model | null;
  readonly signal?: AbortSignal;
};

/** An optimization in an instruction world, with the worth of its pick (proposed or not) and that of the prompt as it was. */
export async function runStrategy(world: InstructionWorld, setting: Setting) {
  const { prompt, splits, metrics, model } = world;
  const { strategy, calls, seed = 1, limits = {}, proposer = world.proposer, signal } = setting;
  const budget = createBudget(limits, () => 0);
  const result = await optimizePrompt({
    prompt,
    splits,
    metrics,
    model: withBudget(model, budget),
    proposer: proposer ? withBudget(proposer, budget) : undefined,
    budget,
    settings: {
      strategy,
      calls: calls + 2 * splits.test.examples.length,
      minImprovement: 0.02,
      confidence: 0.95,
      maxDemonstrations: 8,
      ablation: 0,
    },
    seed,
    ...(signal && { signal }),
  });
  const oracle = world.worth([{ role: 'system', content: world.oracle }, ...prompt.messages.slice(-1)]);
  const worths = {
    base: world.worth(prompt.messages),
    pick: world.worth((result.head ?? prompt).messages),
    oracle,
  };
  return { ...result, worths };
}

/** Every call of the search is one the world was asked, and none is beyond the budget. */
export function expectCallsKept(
  { splits, requests, questions }: InstructionWorld,
  { search, scorecards }: Awaited<ReturnType<typeof runStrategy>>,
  calls: number,
): void {
  const final = scorecards ? 2 * splits.test.examples.length : 0;
  expect(search.calls).toBe(requests.length - final + questions.length);
  expect(search.calls).toBeLessThanOrEqual(calls);
}

/** A race ends with all dev rows for its pick; a duel may need fewer. */
export function expectPickOnEveryRow(
  { splits }: InstructionWorld,
  { search }: Awaited<ReturnType<typeof runStrategy>>,
): void {
  const pick = search.candidates.find(({ fate }) => fate === 'picked');
  if (pick) expect(pick.standings.at(-1)?.rows).toBe(splits.dev.examples.length);
}
