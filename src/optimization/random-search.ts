import { freshDraft } from './candidate.ts';
import { byEffect } from './racing.ts';
import type { Strategy } from './strategy.ts';

/**
 * Random search (Bergstra and Bengio 2012), the yardstick: fresh candidates, each measured on the whole dev split, the best
 * mean wins. Same space and same budget as `search`.
 */
export const randomSearch: Strategy = async ({ space, contest, calls, random, exhausted }) => {
  contest.enter({ choices: space.base, parent: null, why: 'the prompt as it was' });
  let ended = 'the budget of calls was used';
  for (let round = 0; contest.calls + contest.rowCount <= calls; round++) {
    const reason = exhausted(contest.rowCount);
    if (reason) {
      ended = reason;
      break;
    }
    const id = round === 0 ? 0 : contest.enter(freshDraft(space, round - 1, random));
    if (id !== null) await contest.advance(id, contest.rowCount);
    if (round > 10 * calls) break;
  }
  const [best] = contest
    .racers()
    .filter((racer) => !Number.isNaN(racer.effect) && racer.rows === contest.rowCount)
    .sort(byEffect);
  return { picked: best && best.id !== 0 ? best.id : null, ended };
};
