import type { Challengers } from './climb.ts';
import type { StrategyContext } from './strategy.ts';

/** The champion with each wording that is at hand, the author's and what was learnt elsewhere, once: they cost no question. */
export function alternatives({ contest, space }: StrategyContext): Challengers {
  const left = [...space.instructions];
  return {
    cost: 0,
    async next(champion) {
      for (let instruction = left.shift(); instruction !== undefined; instruction = left.shift()) {
        const choices = { ...contest.choices(champion), instruction };
        const id = contest.enter({
          choices,
          parent: champion,
          why: `${champion} in another known wording`,
        });
        if (id !== null) return { id, trial: null };
      }
      return { ended: 'each known wording was tried' };
    },
  };
}
