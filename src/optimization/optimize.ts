import type { Example } from '../datasets/dataset.ts';
import { interleave } from '../datasets/order.ts';
import { describeError } from '../errors.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { changedExamples } from '../evaluation/example-changes.ts';
import type { ExampleChange, Scorecard } from '../evaluation/scorecard.ts';
import { BudgetReached } from '../models/budget.ts';
import { noUsage, type Usage } from '../models/usage.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { promptDigest } from '../prompts/version.ts';
import { createRandom } from '../statistics/random.ts';
import { ablate, changesOf } from './ablation.ts';
import { judgePick } from './acceptance.ts';
import { Contest } from './contest.ts';
import { explain } from './explanation.ts';
import { guardRails } from './guard-rails.ts';
import { evaluationOptions, measureWith, metered } from './measure-choices.ts';
import type { OptimizationInput } from './optimization-input.ts';
import type { Ablation, Choices, SearchTrace } from './proposal.ts';
import { proposerOf } from './proposer.ts';
import { reserveFor } from './reserve.ts';
import { endedAs, planSearch, strategies } from './search-plan.ts';
import { buildSpace, realise, type SearchSpace, stratumOf, withAnswers } from './space.ts';
import { startsIn, widened } from './starts.ts';
import type { Teacher } from './strategy.ts';

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

/**
 * Searches for a better version of a prompt on train and dev, then measures the base and the pick once on test. The search ends in
 * order while the final measurement can still be paid. A limit of the budget that is reached all the same ends it without a
 * proposal, and the search's trace is kept.
 */
export async function optimizePrompt(input: OptimizationInput): Promise<OptimizationResult> {
  const { prompt, splits, settings, seed, budget } = input;
  const { strategy: name, why, calls, finalCalls } = planSearch(input, input.proposer !== undefined);
  const random = createRandom(seed);
  const { maxDemonstrations } = settings;
  const around = buildSpace(prompt, splits.train.examples, {
    maxDemonstrations,
    random: random.fork('space'),
  });
  const starts = startsIn(around, prompt, splits.train.examples, input.learnt ?? []);
  const base = widened(around, starts);
  const known = { space: base };
  const stratum = (example: Example) => stratumOf(prompt.output, example.expected);
  const rowRandom = random.fork('rows');
  const ranks = new Map(splits.dev.examples.map(({ id }) => [id, rowRandom.next()]));
  const rows = interleave(splits.dev.examples, stratum, ({ id }) => String(ranks.get(id)));
  const meter = { usage: noUsage };
  const charged = { ...input, model: metered(input.model, meter) };
  const measure = measureWith(charged, known);
  const standing = () => {
    const before = contest.calls;
    return { label: `${prompt.id}: search`, before, total: calls, isFirst: before === 0 };
  };
  const contest: Contest = new Contest(rows, (choices, examples) => measure(choices, examples, standing()));
  const proposer = input.proposer ? proposerOf(metered(input.proposer, meter)) : null;
  const teach = input.proposer && measureWith({ ...charged, model: metered(input.proposer, meter) }, known);
  const teacher: Teacher = {
    name: input.proposer ? 'the proposer' : 'the prompt as it was',
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
      starts,
      contest,
      train: splits.train.examples,
      calls,
      random: random.fork('search'),
      stratumOf: stratum,
      exhausted: reserveFor(budget, finalCalls, () => meter.usage.calls),
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
    ended: cutOff ? outcome.message : endedAs(outcome.ended, { why, starts }),
  };
  if (picked === null) {
    const reason = cutOff
      ? `No proposal: the search was cut off before it had a pick. ${describeError(outcome)}`
      : withoutPick(search);
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
    picked: choices,
    rows,
    values: contest.values(picked),
    measure: (without, examples) =>
      measure(without, examples, {
        ...{ label: `${prompt.id}: ablation`, before: 0, total: examples.length },
        isFirst: false,
      }),
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

/** Why a search that ended in order has no pick. */
function withoutPick({ candidates: [base], ended }: SearchTrace): string {
  if (base?.fate === 'failed') {
    const first = base.failure === undefined ? '.' : `. The first is ${base.failure}`;
    return `No proposal: too many examples of the dev split could not be measured with the prompt as it was${first}`;
  }
  return `No improvement: no candidate did better than the prompt as it was on the dev split (${ended}).`;
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
