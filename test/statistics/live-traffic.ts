import { type Arm, addToBlock, emptyBlock } from '../../src/statistics/blocks.ts';
import { bet, harmPayoff, logEvidence, noBets } from '../../src/statistics/e-process.ts';

/** Takes one user's value after the other; gives ln E of harm whenever a block is complete, else null. */
export type Watch = (arm: Arm, value: number) => number | null;

/** One metric watched block by block, as a rollout does it, without a tolerance. */
export function watchMetric(): Watch {
  let [open, process] = [emptyBlock, noBets];
  return (arm, value) => {
    const { block, complete } = addToBlock(open, arm, value);
    open = block;
    if (complete === null) return null;
    process = bet(process, harmPayoff(complete.control, complete.canary, 0));
    return logEvidence(process);
  };
}

/** The share of `repetitions` in which something happens. */
export function shareOf(repetitions: number, happens: (repetition: number) => boolean): number {
  let count = 0;
  for (let repetition = 0; repetition < repetitions; repetition++) if (happens(repetition)) count++;
  return count / repetitions;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
