import type { Example } from '../datasets/dataset.ts';
import { inputError } from '../errors.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { Random } from '../statistics/random.ts';
import type { Draft } from './candidate.ts';
import type { Contest } from './contest.ts';
import type { GuardRails } from './guard-rails.ts';
import type { MeasuredRow } from './measured-row.ts';
import type { Proposer } from './proposer.ts';
import type { PoolEntry, SearchSpace } from './space.ts';

/** Answers that may become demonstrations. */
export type Teacher = {
  /** Who answers, in words. */
  readonly name: string;
  /** Answers rows with the prompt as it is; counted as calls of the search. */
  answer(rows: readonly Example[]): Promise<readonly MeasuredRow[]>;
  /** Makes answers known as demonstrations; returns the space with them. */
  adopt(answers: readonly PoolEntry[]): SearchSpace;
};

/** What a strategy works with. It proposes candidates and measures them in the contest until it stops. */
export type StrategyContext = {
  /** The prompt as it was. */
  readonly prompt: Prompt;
  readonly space: SearchSpace;
  /** Candidates that enter a race before any other newcomer: what was learnt elsewhere. */
  readonly starts?: readonly Draft[];
  readonly contest: Contest;
  /** Rows to learn from; the contest's are for comparing only. */
  readonly train: readonly Example[];
  /** Calls it may use in all. */
  readonly calls: number;
  readonly random: Random;
  readonly stratumOf: (example: Example) => string;
  /** Why so many more calls may not be spent (dollars, minutes, tokens), or null; asked before each measurement. */
  readonly exhausted: (nextCalls: number) => string | null;
  /** Writes instructions; null where none is configured. */
  readonly proposer: Proposer | null;
  readonly teacher: Teacher;
  /** Judges a proposed instruction before a call is spent on it. */
  readonly guard: GuardRails;
  readonly signal?: AbortSignal;
};

/** The candidate to measure on the test split, or null when none is left; and why the search ended. */
export type StrategyOutcome = { readonly picked: number | null; readonly ended: string };

export type Strategy = (context: StrategyContext) => Promise<StrategyOutcome>;

/** Throws inputError where a strategy that needs a proposer has none. */
export function requireProposer({ proposer }: Pick<StrategyContext, 'proposer'>, strategy: string): Proposer {
  if (proposer) return proposer;
  throw inputError(
    `the strategy ${strategy} needs a model that writes instructions, and none is configured`,
    'Name one in promptline.yaml as `models: { proposer: provider/model }`, or use --strategy search',
  );
}
