import { auto } from './auto.ts';
import { answersAtOnce, demonstrations } from './demonstrations.ts';
import { gepa, trialCalls } from './gepa.ts';
import type { OptimizationInput } from './optimization-input.ts';
import { growthCalls, playbook } from './playbook.ts';
import type { SearchTrace } from './proposal.ts';
import { randomSearch } from './random-search.ts';
import { reflection } from './reflection.ts';
import { requireCalls } from './reserve.ts';
import { proposalCalls } from './rewordings.ts';
import { search } from './search.ts';
import { requireProposer, type Strategy } from './strategy.ts';

export const strategies: Readonly<Record<SearchTrace['strategy'], Strategy>> = {
  auto,
  search,
  reflection,
  playbook,
  gepa,
  demonstrations,
  random: randomSearch,
};

/** Calls that a strategy may spend on making one candidate, before the candidate is measured. */
const newcomerCalls: Readonly<Record<SearchTrace['strategy'], number>> = {
  auto: proposalCalls,
  search: 0,
  reflection: proposalCalls,
  playbook: growthCalls,
  gepa: trialCalls,
  demonstrations: answersAtOnce,
  random: 0,
};

/** Strategies whose instructions a proposer writes. */
export const writesInstructions: ReadonlySet<SearchTrace['strategy']> = new Set([
  'auto',
  'reflection',
  'playbook',
  'gepa',
]);

/** How a search goes, before it starts. */
export type SearchPlan = {
  readonly strategy: SearchTrace['strategy'];
  /** Why `auto` takes this way; null where the strategy was asked for. */
  readonly why: string | null;
  /** Of the search, the final measurement not counted. */
  readonly calls: number;
  readonly finalCalls: number;
  /** Calls that making one candidate may take before it is measured. */
  readonly newcomerCalls: number;
};

/** Throws inputError for calls that are too few to search, and for a strategy that needs a proposer and has none. */
export function planSearch(
  { prompt, splits, settings }: Pick<OptimizationInput, 'prompt' | 'splits' | 'settings'>,
  hasProposer: boolean,
): SearchPlan {
  const isAuto = settings.strategy === 'auto';
  const strategy = isAuto && !hasProposer ? 'search' : settings.strategy;
  const cost = newcomerCalls[strategy];
  if (!hasProposer && writesInstructions.has(strategy)) requireProposer({ proposer: null }, strategy);
  const finalCalls = 2 * splits.test.examples.length;
  const calls = requireCalls(prompt.id, settings.calls, {
    finalCalls,
    devRows: splits.dev.examples.length,
    newcomerCalls: cost,
  });
  const why = hasProposer
    ? 'auto joins instructions that the configured proposer writes with demonstrations and layouts that are drawn'
    : 'auto took search, as no proposer is configured';
  return { strategy, why: isAuto ? why : null, calls, finalCalls, newcomerCalls: cost };
}

/** Why a search ended, after what `auto` took and what the search began with. */
export function endedAs(
  ended: string,
  { why, starts }: { why: string | null; starts: readonly { why: string }[] },
): string {
  const origins = [...new Set(starts.map((start) => start.why))].join(', ');
  const began = origins === '' ? [] : [`it began with candidates ${origins}`];
  const chose = why === null ? [] : [why];
  return [...chose, ...began, ended].join('; ');
}
