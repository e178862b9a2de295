import { type InstructionWorldOptions, instructionWorld } from '../../test/optimization/instruction-world.ts';
import type { TaskDraw } from './bench-task.ts';

/** Sizes of real use: of the test split only the expected worth is read, so it may be large. */
const sizes = { train: 120, dev: 150, test: 500 };

/**
 * Tasks whose best instruction is known, from the instruction world of the tests: hidden rules that feedback names, some of them
 * followed only in the right order, a model that slips and is diluted by useless sentences, and a proposer that errs and forgets.
 */
export const parcelTasks: readonly TaskDraw[] = [
  parcels('ordered parcels', { rules: 10, ordered: 2, noise: 0.05, dilution: 0.05 }),
  parcels('vague parcels', { rules: 12, noise: 0.1, dilution: 0.03, vague: 0.4 }),
];

function parcels(name: string, options: InstructionWorldOptions): TaskDraw {
  return {
    name,
    draw(seed) {
      const world = instructionWorld(seed, { sizes, concurrency: 1, ...options });
      const best = [{ role: 'system' as const, content: world.oracle }, ...world.prompt.messages.slice(-1)];
      return { ...world, oracle: world.worth(best) };
    },
  };
}
