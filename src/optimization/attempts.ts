import type { Contest } from './contest.ts';
import type { Refused } from './proposer.ts';
import type { Newcomers } from './race.ts';

/** What came of one attempt at a better instruction. */
export type Attempt =
  /** A candidate was entered; null where the proposal did no better on the rows it was made from. */
  | { readonly entered: number | null }
  /** The proposer gave nothing that can be tried. */
  | Refused
  /** The rows showed nothing wrong, so the proposer was not asked. */
  | 'nothing wrong'
  /** No attempt can be made, now or later. */
  | { readonly ended: string };

/** A proposer that gives nothing usable so often in a row will not. */
const mostRefusals = 5;
/** So many attempts without a call have gone round in circles. */
const mostIdle = 30;

/**
 * Newcomers of a race from attempts that ask a proposer, until it gives nothing usable again and again, or the training rows have
 * nothing left to teach. Rejects with a proposer's failure where questions keep failing: an outage is no end in order.
 * @param cost calls an attempt may take
 */
export function newcomersOf(
  contest: Contest,
  cost: number,
  attempt: (round: number) => Promise<Attempt>,
): Newcomers {
  let refusals = 0;
  let idle = 0;
  return {
    cost,
    async next(round) {
      const before = contest.calls;
      const result = await attempt(round);
      idle = contest.calls === before ? idle + 1 : 0;
      if (idle >= mostIdle) return { ended: 'nothing was left to learn from the training rows' };
      if (result === 'nothing wrong') return null;
      if ('ended' in result) return result;
      if ('entered' in result) {
        refusals = 0;
        return result.entered;
      }
      refusals += 1;
      if (refusals < mostRefusals) return null;
      if (result.failure) throw result.failure;
      return {
        ended: `the proposer gave nothing usable ${mostRefusals} times in a row, the last time because ${result.refused}`,
      };
    },
  };
}
