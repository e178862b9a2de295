import { expect, it } from 'vitest';
import type { OptimizeConfiguration } from '../../src/config/schema.ts';
import { createBudget } from '../../src/models/budget.ts';
import { optimizePrompt } from '../../src/optimization/optimize.ts';
import { instructionWorld } from './instruction-world.ts';
import { latentWorld, settings } from './latent-model.ts';
import { runStrategy } from './run-strategy.ts';

type Run = { readonly accepted: boolean; readonly reason: string };

async function instructed(strategy: OptimizeConfiguration['strategy'], seed: number): Promise<Run> {
  const world = instructionWorld(seed, { shuffled: true, sizes: { test: 60 } });
  const { accepted, reason } = await runStrategy(world, { strategy, seed, calls: 320 });
  expect(world.questions.length).toBeGreaterThan(1);
  return { accepted, reason };
}

async function searched(seed: number): Promise<Run> {
  const { prompt, splits, metrics, model } = latentWorld(seed, { shuffled: true, sizes: { test: 40 } });
  const { accepted, reason } = await optimizePrompt({
    ...{ prompt, splits, metrics, model, seed },
    budget: createBudget({}, () => 0),
    settings: { ...settings, strategy: 'search', calls: 400 },
  });
  return { accepted, reason };
}

const instructing = ['reflection', 'playbook', 'auto'] as const;
const seeds = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);

it('data whose answers have nothing to do with its inputs ends in "no improvement", but for the rare luck that the confidence allows', async () => {
  const runs: Run[] = [];
  for (const strategy of instructing) {
    for (const seed of seeds(500, 10)) runs.push(await instructed(strategy, seed));
  }
  // Wrong rules do harm here and are seldom picked; wrong demonstrations do as well as none, so that some of these picks gain by luck.
  for (const seed of seeds(500, 20)) runs.push(await searched(seed));
  expect(runs).toHaveLength(50);
  for (const { accepted, reason } of runs) {
    expect(reason).toMatch(accepted ? /^The objective gained / : /^No improvement: /);
  }
  // The interval excludes "no gain" by luck in 1 of 40 at most; 4 or more of 50 would happen in 1 of 27 such series.
  expect(runs.filter(({ accepted }) => accepted).length).toBeLessThanOrEqual(3);
});
