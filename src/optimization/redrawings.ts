import { changeCandidate, type Draft, freshDraft } from './candidate.ts';
import type { Challengers } from './climb.ts';
import type { StrategyContext } from './strategy.ts';

/** Attempts to draw what was not in the contest yet. */
const mostAttempts = 20;

/** The champion with other demonstrations or another layout: fresh draws and changes of its own in turn, with its instruction. */
export function redrawings(context: StrategyContext): Challengers {
  const { contest, space, random, stratumOf } = context;
  let number = 0;
  const draft = (champion: number): Draft => {
    const dice = random.fork(`redrawing ${number}`);
    const isFresh = number % 2 === 0 || contest.choices(champion).demonstrations.length === 0;
    if (isFresh) return freshDraft(space, Math.floor(number / 2), random);
    return changeCandidate(space, contest.parent(champion, stratumOf), [], dice);
  };
  return {
    cost: 0,
    isInformed: false,
    async next(champion) {
      for (let attempt = 0; attempt < mostAttempts; attempt++) {
        const { choices, why } = draft(champion);
        number += 1;
        const { instruction } = contest.choices(champion);
        const id = contest.enter({ choices: { ...choices, instruction }, parent: champion, why });
        if (id !== null) return { id, trial: null };
      }
      return { ended: 'every set of demonstrations was tried' };
    },
  };
}
