import type { BudgetLimits } from './budget.ts';

/** What of a run's limits is no longer to be given away: used by parts that ended, promised to those under way. */
export type Taken = { readonly tokens: number; readonly usd: number; readonly minutes: number };

/** Parts of a run that have not started, and how many may run at once. */
export type Waiting = { readonly parts: number; readonly atOnce: number };

/** Dollars and minutes are shared in whole units of these, so that a share reads as an amount. */
const [microdollars, hundredths] = [1e6, 100];

/**
 * The limits of the next part of a run: an equal share of what is left, so that no part starves those after it, and what one does not
 * use goes to the later ones. Minutes pass for all that run at once. Where nothing is left, that limit is left out: the run's own
 * refuses.
 */
export function shareOf(limits: BudgetLimits, taken: Taken, { parts, atOnce }: Waiting): BudgetLimits {
  const turns = Math.ceil(parts / atOnce);
  return {
    tokens: part(limits.tokens, taken.tokens, parts, 1),
    usd: part(limits.usd, taken.usd, parts, microdollars),
    minutes: part(limits.minutes, taken.minutes, turns, hundredths),
  };
}

function part(limit: number | undefined, taken: number, of: number, unitsInOne: number): number | undefined {
  if (limit === undefined) return undefined;
  // To the last part goes what is left, to the last digit.
  const share = of === 1 ? limit - taken : Math.floor(((limit - taken) / of) * unitsInOne) / unitsInOne;
  return share > 0 ? share : undefined;
}
