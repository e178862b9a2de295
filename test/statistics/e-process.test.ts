import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addToBlock, emptyBlock } from '../../src/statistics/blocks.ts';
import {
  bet,
  betGrid,
  type EProcess,
  harmPayoff,
  logEvidence,
  noBets,
  nonInferiorityPayoff,
} from '../../src/statistics/e-process.ts';
import { createRandom } from '../../src/statistics/random.ts';
import { describeGoldens } from './goldens.ts';

describeGoldens('e-processes', (goldens) => {
  test('bet from the grid', () => {
    const { values } = goldens().lambda_grid;
    expect(betGrid).toHaveLength(values.length);
    for (const [index, value] of values.entries()) expect(betGrid[index]).toBeCloseTo(value, 9);
  });

  test('grow with each payoff', () => {
    const { payoffs, lnE } = goldens().e_process;
    let process = noBets;
    for (const [index, payoff] of payoffs.entries()) {
      process = bet(process, payoff);
      expect(logEvidence(process)).toBeCloseTo(lnE[index]!, 9);
    }
  });

  test('notice a drop of 15% of a rate of .9 in blocks of users', () => {
    const { seed, margin, firstReachesLn20, end } = goldens().guard;
    const random = createRandom(seed);
    let [block, process, canaries] = [emptyBlock, noBets, 0];
    let first: typeof firstReachesLn20 | null = null;
    for (let event = 1; event <= 5000; event++) {
      const arm = random.next() < 0.1 ? 'canary' : 'control';
      const value = random.next() < (arm === 'canary' ? 0.765 : 0.9) ? 1 : 0;
      if (arm === 'canary') canaries++;
      const added = addToBlock(block, arm, value);
      block = added.block;
      if (!added.complete) continue;
      process = bet(process, harmPayoff(added.complete.control, added.complete.canary, margin));
      const lnE = logEvidence(process);
      if (first === null && lnE >= Math.log(20))
        first = { event, canary: canaries, blocks: process.bets, lnE };
    }
    expect(first).toEqual({ ...firstReachesLn20, lnE: expect.closeTo(firstReachesLn20.lnE, 6) });
    expect(process.bets).toBe(end.blocks);
    expect(logEvidence(process)).toBeCloseTo(end.lnE, 6);
  });
});

const payoffs = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 50 });
const betAll = (process: EProcess, all: readonly number[]) => all.reduce(bet, process);

describe('an e-process', () => {
  test('goes on from JSON exactly where it was', () => {
    fc.assert(
      fc.property(payoffs, payoffs, (before, after) => {
        const unbroken = betAll(noBets, [...before, ...after]);
        const restarted = betAll(JSON.parse(JSON.stringify(betAll(noBets, before))), after);
        expect(restarted.bets).toBe(unbroken.bets);
        expect(logEvidence(restarted)).toBe(logEvidence(unbroken));
      }),
    );
  });

  test('has an expectation of 1 where payoffs are fair, whatever their size', () => {
    fc.assert(
      fc.property(payoffs, fc.double({ min: 0, max: 1, noNaN: true }), (before, size) => {
        const process = betAll(noBets, before);
        const [up, down] = [bet(process, size), bet(process, -size)].map((next) =>
          Math.exp(logEvidence(next) - logEvidence(process)),
        );
        expect((up! + down!) / 2).toBeCloseTo(1, 9);
      }),
    );
  });

  test('stays finite through a million payoffs', () => {
    const far = { bets: 1_000_000, logWealth: noBets.logWealth.map((_, index) => 1e5 * (index - 8)) };
    expect(logEvidence(far)).toBeCloseTo(7e5 - Math.log(16), 6);
  });

  test('refuses what is no payoff', () => {
    for (const payoff of [1.01, -1.01, Number.NaN]) expect(() => bet(noBets, payoff)).toThrow(RangeError);
  });
});

test('payoffs are 0 on the border of their null hypothesis and positive beyond', () => {
  expect(harmPayoff(0.9, 0.9, 0)).toBe(0);
  expect(harmPayoff(0.8, 0.76, 0.05)).toBeCloseTo(0, 12);
  expect(harmPayoff(1, 0, 0)).toBe(1);
  expect(nonInferiorityPayoff(0.8, 0.68, 0.15)).toBeCloseTo(0, 12);
  expect(nonInferiorityPayoff(0, 1, 0.15)).toBe(1);
});

describe('a block', () => {
  test('is complete when each arm has a user, and gives the means of its arms', () => {
    let { block, complete } = addToBlock(emptyBlock, 'control', 1);
    expect(complete).toBeNull();
    ({ block, complete } = addToBlock(block, 'control', 0));
    expect(complete).toBeNull();
    ({ block, complete } = addToBlock(block, 'canary', 0.25));
    expect(complete).toEqual({ control: 0.5, canary: 0.25 });
    expect(block).toEqual(emptyBlock);
  });
});
