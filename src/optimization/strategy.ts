import type { Example } from '../datasets/dataset.ts';
import type { Random } from '../statistics/random.ts';
import type { Contest } from './contest.ts';
import type { SearchSpace } from './space.ts';

/** What a strategy works with. It proposes candidates and measures them in the contest until it stops. */
export type StrategyContext = {
  readonly space: SearchSpace;
  readonly contest: Contest;
  /** Calls it may use in all. */
  readonly calls: number;
  readonly random: Random;
  readonly stratumOf: (example: Example) => string;
  /** Why so many more calls may not be spent (dollars, minutes, tokens), or null; asked before each measurement. */
  readonly exhausted: (nextCalls: number) => string | null;
};

/** The candidate to measure on the test split, or null when none is left; and why the search ended. */
export type StrategyOutcome = { readonly picked: number | null; readonly ended: string };

export type Strategy = (context: StrategyContext) => Promise<StrategyOutcome>;
