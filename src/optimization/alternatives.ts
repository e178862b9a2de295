import type { Challengers } from './climb.ts';
import type { StrategyContext } from './strategy.ts';

/** The champion with each wording that the prompt's author gave, once: what costs no question is tried beside what a proposer writes. */
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
          why: `${champion} in a wording of the author`,
        });
        if (id !== null) return { id, trial: null };
      }
      return { ended: "each of the author's wordings was tried" };
    },
  };
}
