import type { FamilyMetric } from '../config/load.ts';
import type { OptimizeConfiguration } from '../config/schema.ts';
import type { Dataset, Example } from '../datasets/dataset.ts';
import { interleave } from '../datasets/order.ts';
import { describeError, outsideError } from '../errors.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { changedExamples } from '../evaluation/example-changes.ts';
import { measureAll } from '../evaluation/measure-all.ts';
import type { OnProgress } from '../evaluation/progress.ts';
import type { ExampleChange, ExampleResult, Scorecard } from '../evaluation/scorecard.ts';
import type { Budget } from '../models/budget.ts';
import { BudgetReached } from '../models/budget.ts';
import { asking, type Model } from '../models/model.ts';
import { addCompletion, noUsage, type Usage } from '../models/usage.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { promptDigest } from '../prompts/version.ts';
import { createRandom } from '../statistics/random.ts';
import { judgePick } from './acceptance.ts';
import { auto } from './auto.ts';
import { Contest, type MeasureRows } from './contest.ts';
import { explain } from './explanation.ts';
import { gepa, trialCalls } from './gepa.ts';
import { guardRails } from './guard-rails.ts';
import { measuredRow } from './measured-row.ts';
import { growthCalls, playbook } from './playbook.ts';
import type { Choices, SearchTrace } from './proposal.ts';
import { proposerOf } from './proposer.ts';
import { randomSearch } from './random-search.ts';
import { reflection } from './reflection.ts';
import { requireCalls, reserveFor } from './reserve.ts';
import { proposalCalls } from './rewordings.ts';
import { search } from './search.ts';
import { buildSpace, realise, type SearchSpace, stratumOf } from './space.ts';
import { type Learnt, startsIn, widened } from './starts.ts';
import { requireProposer, type Strategy } from './strategy.ts';

export type OptimizationInput = {
  readonly prompt: Prompt;
  readonly splits: { readonly train: Dataset; readonly dev: Dataset; readonly test: Dataset };
  readonly metrics: readonly FamilyMetric[];
  /** Behind the answer store and the budget. */
  readonly model: Model;
  /** Writes instructions; behind the answer store and the budget. */
  readonly proposer?: Model | undefined;
  readonly budget: Budget;
  readonly settings: OptimizeConfiguration;
  readonly seed: number;
  /** What siblings and earlier versions were found to do well with. */
  readonly learnt?: readonly Learnt[];
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
};

/** What came of it; the caller gives an accepted version its number and file. */
export type OptimizationResult = {
  readonly accepted: boolean;
  readonly reason: string;
  /** The pick as a prompt, proposed or not; null when the search left none. */
  readonly head: Prompt | null;
  readonly scorecards: { readonly base: Scorecard; readonly head: Scorecard } | null;
  readonly comparison: ReturnType<typeof judgePick>['comparison'] | null;
  readonly search: SearchTrace;
  readonly changes: readonly ExampleChange[];
  readonly explanation: readonly string[];
  readonly usage: Usage;
};

/** What the final measurement adds to the search. */
type Outcome = Omit<OptimizationResult, 'search' | 'usage'>;

const strategies: Readonly<Record<SearchTrace['strategy'], Strategy>> = {
  auto,
  search,
  reflection,
  playbook,
  gepa,
  random: randomSearch,
};

/** Calls that a strategy may spend on making one candidate, before the candidate is measured. */
const newcomerCalls: Readonly<Record<SearchTrace['strategy'], number>> = {
  auto: proposalCalls,
  search: 0,
  reflection: proposalCalls,
  playbook: growthCalls,
  gepa: trialCalls,
  random: 0,
};

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
  if (!hasProposer && cost > 0) requireProposer({ proposer: null }, strategy);
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

/**
 * Searches for a better version of a prompt on train and dev, then measures the base and the pick once on test. The search ends in
 * order while the final measurement can still be paid. A limit of the budget that is reached all the same ends it without a
 * proposal, and the search's trace is kept.
 */
export async function optimizePrompt(input: OptimizationInput): Promise<OptimizationResult> {
  const { prompt, splits, settings, seed, budget } = input;
  const { strategy: name, why, calls, finalCalls } = planSearch(input, input.proposer !== undefined);
  const random = createRandom(seed);
  const around = buildSpace(prompt, splits.train.examples, {
    maxDemonstrations: settings.maxDemonstrations,
    random: random.fork('space'),
  });
  const starts = startsIn(around, prompt, splits.train.examples, input.learnt ?? []);
  const space = widened(around, starts);
  const stratum = (example: Example) => stratumOf(prompt.output, example.expected);
  const rowRandom = random.fork('rows');
  const ranks = new Map(splits.dev.examples.map(({ id }) => [id, rowRandom.next()]));
  const rows = interleave(splits.dev.examples, stratum, ({ id }) => String(ranks.get(id)));
  const meter = { usage: noUsage };
  const charged = { ...input, model: metered(input.model, meter) };
  const measure = measureWith(charged, space);
  const contest: Contest = new Contest(rows, (choices, examples) =>
    measure(choices, examples, { before: contest.calls, total: calls }),
  );
  const proposer = input.proposer ? proposerOf(metered(input.proposer, meter)) : null;
  const outcome = await withinBudget(() =>
    strategies[name]({
      prompt,
      space,
      starts,
      contest,
      train: splits.train.examples,
      calls,
      random: random.fork('search'),
      stratumOf: stratum,
      exhausted: reserveFor(budget, finalCalls, () => meter.usage.calls),
      proposer,
      guard: guardRails(space.base.instruction),
      ...(input.signal && { signal: input.signal }),
    }),
  );
  const cutOff = outcome instanceof BudgetReached;
  const picked = cutOff ? null : outcome.picked;
  const search: SearchTrace = {
    strategy: name,
    seed,
    budget: calls,
    calls: contest.calls,
    dev: { path: splits.dev.path, digest: splits.dev.digest, n: rows.length },
    candidates: contest.trace(picked),
    ended: cutOff ? outcome.message : endedAs(outcome.ended, { why, starts }),
  };
  if (picked === null) {
    const reason = cutOff
      ? `No proposal: the search was cut off before it had a pick. ${describeError(outcome)}`
      : withoutPick(search);
    return { ...unproven(reason, null), search, usage: meter.usage };
  }
  const choices = contest.choices(picked);
  const head = realise(prompt, space, choices);
  const proof = await withinBudget(() => measurePick(charged, space, choices, head));
  if (proof instanceof BudgetReached) {
    const reason = `No proposal: the final measurement of the best candidate was cut off. ${describeError(proof)}`;
    return { ...unproven(reason, head), search, usage: meter.usage };
  }
  return { ...proof, search, usage: meter.usage };
}

async function measurePick(
  input: OptimizationInput,
  space: SearchSpace,
  choices: Choices,
  head: Prompt,
): Promise<Outcome> {
  const { prompt, splits, metrics, settings } = input;
  const options = evaluationOptions(input);
  // The pick goes first: its leading messages may still be in an embedded model's memory.
  const headCard = await evaluate(head, splits.test, { ...options, label: `${prompt.id}: pick on test` });
  const baseCard = await evaluate(prompt, splits.test, { ...options, label: `${prompt.id}: base on test` });
  const scorecards = { base: baseCard, head: headCard };
  const { accepted, reason, comparison } = judgePick(baseCard, headCard, metrics, settings);
  return {
    accepted: accepted && promptDigest(head) !== promptDigest(prompt),
    reason,
    head,
    scorecards,
    comparison,
    changes: changedExamples(prompt, splits.test.examples, metrics, scorecards),
    explanation: explain(space, choices, scorecards),
  };
}

/** Why a search that ended in order has no pick. */
function withoutPick({ candidates: [base], ended }: SearchTrace): string {
  if (base?.fate === 'failed') {
    const first = base.failure === undefined ? '.' : `. The first is ${base.failure}`;
    return `No proposal: too many examples of the dev split could not be measured with the prompt as it was${first}`;
  }
  return `No improvement: no candidate did better than the prompt as it was on the dev split (${ended}).`;
}

/** Measures choices; `calls` says where the search stands, for its progress. */
function measureWith(input: OptimizationInput, space: SearchSpace) {
  const { prompt, metrics, onProgress } = input;
  return async (
    choices: Choices,
    examples: Parameters<MeasureRows>[1],
    calls: { before: number; total: number },
  ) => {
    const { results } = await measureAll(realise(prompt, space, choices), examples, {
      ...evaluationOptions(input),
      onProgress: (progress) =>
        onProgress?.({
          ...progress,
          label: `${prompt.id}: search`,
          done: calls.before + progress.done,
          total: calls.total,
        }),
    });
    if (calls.before === 0) requireAnyMeasured(prompt.id, results);
    return results.map((result) => measuredRow(metrics, result));
  };
}

/** Throws when the prompt as it was failed on each of the first examples: every candidate would be paid in vain. */
function requireAnyMeasured(id: string, results: readonly ExampleResult[]): void {
  const [first] = results;
  if (!first || results.some(({ failure }) => !failure)) return;
  throw outsideError(
    `${id}: none of the first ${results.length} examples could be measured; the first, ${first.example}: ${first.failure ?? ''}`,
    'Mend that and run the same command again',
  );
}

/** The model, with what its answers cost added to the meter: those of a measurement that is cut off, too. */
function metered(model: Model, meter: { usage: Usage }): Model {
  return asking(model, async (request, signal) => {
    const completion = await model.complete(request, signal);
    meter.usage = addCompletion(meter.usage, completion);
    return completion;
  });
}

/** What the work came to, or the limit of the budget that cut it off: a limit ends the work, not the run. */
async function withinBudget<T>(work: () => Promise<T>): Promise<T | BudgetReached> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BudgetReached) return error;
    throw error;
  }
}

function evaluationOptions({ model, metrics, onProgress, signal }: OptimizationInput) {
  return { model, metrics, ...(onProgress && { onProgress }), ...(signal && { signal }) };
}

/** Why a search ended, after what `auto` took and what the search began with. */
function endedAs(
  ended: string,
  { why, starts }: { why: string | null; starts: readonly { why: string }[] },
): string {
  const origins = [...new Set(starts.map((start) => start.why))].join(', ');
  const began = origins === '' ? [] : [`it began with candidates ${origins}`];
  const chose = why === null ? [] : [why];
  return [...chose, ...began, ended].join('; ');
}

/** An end without a measurement on the test split. */
function unproven(reason: string, head: Prompt | null): Outcome {
  return {
    accepted: false,
    reason,
    head,
    scorecards: null,
    comparison: null,
    changes: [],
    explanation: [],
  };
}
