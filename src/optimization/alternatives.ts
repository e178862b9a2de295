import type { Challengers } from './climb.ts';
import type { StrategyContext } from './strategy.ts';

/** The champion with each wording that the prompt's author gave beside it, once: they cost no question. */
export function alternatives({ contest, prompt }: StrategyContext): Challengers {
  const left = [...prompt.alternatives];
  return {
    cost: 0,
    isInformed: false,
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
      return { ended: "the author's wordings were tried" };
    },
  };
}
