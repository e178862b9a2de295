import { inputError } from '../errors.ts';
import type { Budget } from '../models/budget.ts';
import { rungs } from './racing.ts';

/** Candidates a search must at least be able to look at. */
const leastCandidates = 3;
/** The final measurement may cost this much more a call than the search did: answers vary in length. */
const safety = 1.25;

/**
 * The calls left for a search once the final measurement is kept back. Throws inputError when they are too few to search, with the
 * number that would do.
 *
 * @param needs calls of the final measurement, rows of the dev split, and calls that making one candidate may take
 */
export function requireCalls(
  id: string,
  calls: number,
  needs: { readonly finalCalls: number; readonly devRows: number; readonly newcomerCalls: number },
): number {
  const { finalCalls, devRows, newcomerCalls } = needs;
  const [first = devRows] = rungs(devRows);
  const least = finalCalls + leastCandidates * first + (leastCandidates - 1) * newcomerCalls + 2 * devRows;
  if (calls >= least) return calls - finalCalls;
  throw inputError(
    `a budget of ${calls} calls is too small to optimize ${id}`,
    `The test split takes ${finalCalls} calls and a search at least ${least - finalCalls}: give --calls ${least} or more`,
  );
}

/**
 * Says why a search must not make its next calls, so that the final measurement can still be paid, or null when it may. Judged
 * by what one of its calls has cost so far, with all that went with it: a judge's answers, the members of a composite.
 *
 * @param searchCalls the search's own calls so far
 */
export function reserveFor(
  budget: Budget,
  finalCalls: number,
  searchCalls: () => number,
): (nextCalls: number) => string | null {
  return (nextCalls) => {
    const { limits, spent, name } = budget;
    const calls = searchCalls();
    if (calls === 0) return null;
    const reserve = (safety * (nextCalls + finalCalls)) / calls;
    const ended = (limit: string) => `the ${name} of ${limit} was used but for the final measurement`;
    if (limits.usd !== undefined && spent.usd !== null && spent.usd * (1 + reserve) >= limits.usd) {
      return ended(`$${limits.usd}`);
    }
    const tokens = spent.inputTokens + spent.outputTokens;
    if (limits.tokens !== undefined && tokens * (1 + reserve) >= limits.tokens) {
      return ended(`${limits.tokens} tokens`);
    }
    if (limits.minutes !== undefined && budget.elapsedMinutes() * (1 + reserve) >= limits.minutes) {
      return name === 'budget'
        ? `the ${limits.minutes} minutes were used but for the final measurement`
        : ended(`${limits.minutes} minutes`);
    }
    return null;
  };
}
