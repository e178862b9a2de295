import type { FamilyMetric } from '../config/load.ts';
import type { OptimizeConfiguration } from '../config/schema.ts';
import type { Dataset, Example } from '../datasets/dataset.ts';
import { interleave } from '../datasets/order.ts';
import { describeError } from '../errors.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { changedExamples } from '../evaluation/example-changes.ts';
import { measureAll } from '../evaluation/measure-all.ts';
import type { OnProgress } from '../evaluation/progress.ts';
import type { ExampleChange, Scorecard } from '../evaluation/scorecard.ts';
import type { Budget } from '../models/budget.ts';
import { BudgetReached } from '../models/budget.ts';
import { asking, type Model } from '../models/model.ts';
import { addCompletion, noUsage, type Usage } from '../models/usage.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { promptDigest } from '../prompts/version.ts';
import { createRandom } from '../statistics/random.ts';
import { ablate, changesOf } from './ablation.ts';
import { judgePick } from './acceptance.ts';
import { auto } from './auto.ts';
import { Contest, type MeasureRows } from './contest.ts';
import { answersAtOnce, demonstrations } from './demonstrations.ts';
import { explain } from './explanation.ts';
import { guardRails } from './guard-rails.ts';
import { measuredRow } from './measured-row.ts';
import { growthCalls, playbook } from './playbook.ts';
import type { Ablation, Choices, SearchTrace } from './proposal.ts';
import { proposerOf } from './proposer.ts';
import { randomSearch } from './random-search.ts';
import { proposalCalls, reflection } from './reflection.ts';
import { requireCalls, reserveFor } from './reserve.ts';
import { search } from './search.ts';
import { buildSpace, realise, type SearchSpace, stratumOf, withAnswers } from './space.ts';
import type { Strategy, Teacher } from './strategy.ts';

export type OptimizationInput = {
  readonly prompt: Prompt;
  readonly splits: { readonly train: Dataset; readonly dev: Dataset; readonly test: Dataset };
  readonly metrics: readonly FamilyMetric[];
  /** Behind the answer store and the budget. */
  readonly model: Model;
  /** Writes instructions and shows how to answer; behind the answer store and the budget. */
  readonly proposer?: Model | undefined;
  readonly budget: Budget;
  readonly settings: OptimizeConfiguration;
  readonly seed: number;
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
  /** Absent unless a proposal was accepted. */
  readonly ablation?: Ablation;
  readonly usage: Usage;
};

/** What the final measurement adds to the search. */
type Outcome = Omit<OptimizationResult, 'search' | 'usage'>;

const strategies: Readonly<Record<SearchTrace['strategy'], Strategy>> = {
  auto,
  search,
  reflection,
  playbook,
  demonstrations,
  random: randomSearch,
};

/** Calls that a strategy may spend on making one candidate, before the candidate is measured. */
const newcomerCalls: Readonly<Record<SearchTrace['strategy'], number>> = {
  auto: proposalCalls,
  search: 0,
  reflection: proposalCalls,
  playbook: growthCalls,
  demonstrations: answersAtOnce,
  random: 0,
};

/**
 * Searches for a better version of a prompt on train and dev, then measures the base and the pick once on test. The search ends in
 * order while the final measurement can still be paid. A limit of the budget that is reached all the same ends it without a
 * proposal, and the search's trace is kept.
 */
export async function optimizePrompt(input: OptimizationInput): Promise<OptimizationResult> {
  const { prompt, splits, settings, seed, budget } = input;
  const finalCalls = 2 * splits.test.examples.length;
  const name = settings.strategy === 'auto' && !input.proposer ? 'search' : settings.strategy;
  const calls = requireCalls(prompt.id, settings.calls, {
    finalCalls,
    devRows: splits.dev.examples.length,
    newcomerCalls: newcomerCalls[name],
  });
  const random = createRandom(seed);
  const { maxDemonstrations } = settings;
  const base = buildSpace(prompt, splits.train.examples, {
    maxDemonstrations,
    random: random.fork('space'),
  });
  const known = { space: base };
  const stratum = (example: Example) => stratumOf(prompt.output, example.expected);
  const rowRandom = random.fork('rows');
  const ranks = new Map(splits.dev.examples.map(({ id }) => [id, rowRandom.next()]));
  const rows = interleave(splits.dev.examples, stratum, ({ id }) => String(ranks.get(id)));
  const meter = { usage: noUsage };
  const charged = { ...input, model: metered(input.model, meter) };
  const measure = measureWith(charged, known);
  const standing = () => ({ label: `${prompt.id}: search`, before: contest.calls, total: calls });
  const contest: Contest = new Contest(rows, (choices, examples) => measure(choices, examples, standing()));
  const proposer = input.proposer ? proposerOf(metered(input.proposer, meter)) : null;
  const teach = input.proposer && measureWith({ ...charged, model: metered(input.proposer, meter) }, known);
  const teacher: Teacher = {
    name: input.proposer ? 'the teacher' : 'the prompt as it was',
    async answer(asked) {
      if (!teach) return contest.probe(base.base, asked);
      const answers = await teach(base.base, asked, standing());
      contest.charge(asked.length);
      return answers;
    },
    adopt(answers) {
      known.space = withAnswers(base, answers, maxDemonstrations);
      return known.space;
    },
  };
  const outcome = await withinBudget(() =>
    strategies[name]({
      prompt,
      space: base,
      contest,
      train: splits.train.examples,
      calls,
      random: random.fork('search'),
      stratumOf: stratum,
      exhausted: reserveFor(budget, finalCalls),
      proposer,
      teacher,
      guard: guardRails(base.base.instruction),
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
    ended: cutOff ? outcome.message : outcome.ended,
  };
  if (picked === null) {
    const reason = cutOff
      ? `No proposal: the search was cut off before it had a pick. ${describeError(outcome)}`
      : `No improvement: no candidate did better than the prompt as it was on the dev split (${outcome.ended}).`;
    return { ...unproven(reason, null), search, usage: meter.usage };
  }
  const choices = contest.choices(picked);
  const head = realise(prompt, known.space, choices);
  const proof = await withinBudget(() => measurePick(charged, known.space, choices, head));
  if (proof instanceof BudgetReached) {
    const reason = `No proposal: the final measurement of the best candidate was cut off. ${describeError(proof)}`;
    return { ...unproven(reason, head), search, usage: meter.usage };
  }
  if (!proof.accepted || settings.ablation === 0) return { ...proof, search, usage: meter.usage };
  const ablation = await ablate(changesOf(base.base, choices), {
    rows,
    values: contest.values(picked),
    measure: (without, examples) =>
      measure(without, examples, { label: `${prompt.id}: ablation`, before: 0, total: examples.length }),
    calls: settings.ablation,
  });
  return { ...proof, ablation, search, usage: meter.usage };
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

/** Measures choices in the space as it is known by then; `standing` says how far the work is, for its progress. */
function measureWith(input: OptimizationInput, known: { readonly space: SearchSpace }) {
  const { prompt, metrics, onProgress } = input;
  return async (
    choices: Choices,
    examples: Parameters<MeasureRows>[1],
    standing: { label: string; before: number; total: number },
  ) => {
    const { results } = await measureAll(realise(prompt, known.space, choices), examples, {
      ...evaluationOptions(input),
      onProgress: (progress) =>
        onProgress?.({
          ...progress,
          label: standing.label,
          done: standing.before + progress.done,
          total: standing.total,
        }),
    });
    return results.map((result) => measuredRow(metrics, result));
  };
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
