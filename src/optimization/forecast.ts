import type { Example } from '../datasets/dataset.ts';
import { CHARACTERS_PER_TOKEN, type Estimate, estimate, type Preview } from '../evaluation/estimate.ts';
import { referenceAnswer } from '../formats/reference.ts';
import type { Message, Prompt } from '../prompts/prompt.ts';
import { createRandom } from '../statistics/random.ts';
import { freshDraft } from './candidate.ts';
import { answering } from './demonstrations.ts';
import { duelRungs } from './duel.ts';
import { longestInstruction } from './guard-rails.ts';
import type { OptimizationInput } from './optimization-input.ts';
import { LONGEST_PROPOSAL_TOKENS } from './proposer.ts';
import { rungs } from './racing.ts';
import { improvementQuestion } from './reflection-questions.ts';
import { type SearchPlan, writesInstructions } from './search-plan.ts';
import { buildSpace, realise, type SearchSpace } from './space.ts';
import { mostRows, mostShownRows } from './training-rows.ts';

type Amount = { readonly expected: number; readonly most: number };
/** Null where a price, or the length of answers, is not known. */
type Guess = { readonly expected: number | null; readonly most: number | null };

/** What one step of an optimization would ask of a model. */
export type Stage = {
  readonly stage: 'search' | 'proposals' | 'answers' | 'base on test' | 'pick on test' | 'ablation';
  readonly calls: Amount;
  /** Of the calls, those with a stored answer; null where that is not known before. */
  readonly stored: number | null;
  readonly inputTokens: Amount;
  readonly outputTokens: Guess;
  /** US dollars. */
  readonly usd: Guess;
};

type Forecasting = Pick<OptimizationInput, 'prompt' | 'splits' | 'settings' | 'seed'> & {
  readonly plan: SearchPlan;
  readonly preview: Preview;
  /** Of the proposer; null without one. */
  readonly proposerPreview: Preview | null;
};

/** Candidates drawn to see how long prompts of the search are. */
const draws = 8;

/**
 * What an optimization would ask, before it asks. The search is costed as its first draws are long, and at most as the longest prompt it
 * could make; the final measurement of the prompt as it is, exactly.
 */
export function forecast(input: Forecasting): Stage[] {
  const { prompt, splits, settings, seed, plan, preview, proposerPreview } = input;
  const random = createRandom(seed);
  const space = buildSpace(prompt, splits.train.examples, {
    maxDemonstrations: settings.maxDemonstrations,
    random: random.fork('space'),
  });
  const fresh = Array.from({ length: draws }, (_, number) =>
    freshDraft(space, number, random.fork('search')),
  );
  const drawn = wordingOnly.has(plan.strategy)
    ? [prompt]
    : fresh.map((draft) => realise(prompt, space, draft.choices));
  // An answer of the search may be stored; which ones, the answers before it decide.
  const unstored = { ...preview, stored: () => false };
  const costOf = (candidate: Prompt) => estimate(candidate, splits.dev.examples, 1, unstored);
  const typical = perCall(drawn.map(costOf));
  const longest = perCall([costOf(longestPrompt(prompt, space, plan))]);
  const questions = proposerPreview ? questionsOf(plan, splits) : { expected: 0, most: 0 };
  const measured = { expected: plan.calls - questions.expected, most: plan.calls };
  const tests = plan.finalCalls / 2;
  // Asked once a version is accepted.
  const { ablation } = settings;
  return [
    stageOf('search', measured, typical, longest),
    ...(plan.strategy === 'demonstrations' ? answers(input, questions) : proposals(input, space, questions)),
    exactly('base on test', estimate(prompt, splits.test.examples, 1, preview)),
    stageOf('pick on test', { expected: tests, most: tests }, typical, longest),
    ...(settings.ablation === 0
      ? []
      : [stageOf('ablation', { expected: ablation, most: ablation }, typical, longest)]),
  ];
}

/** Strategies that leave demonstrations as they are. */
const wordingOnly: ReadonlySet<SearchPlan['strategy']> = new Set(['reflection', 'playbook', 'gepa']);

/** Of the calls of `auto`, those expected to go into wording: it gives more to what wins more on the task. */
const wordingShare = 0.5;

/** Calls that ask the proposer: as many as there is room for candidates; at most each call that may go into wording. */
function questionsOf(
  { strategy, calls, newcomerCalls }: SearchPlan,
  { train, dev }: Forecasting['splits'],
): Amount {
  if (strategy === 'demonstrations') {
    const rows = Math.min(train.examples.length, Math.floor(answering * calls));
    return { expected: rows, most: rows };
  }
  if (!writesInstructions.has(strategy)) return { expected: 0, most: 0 };
  const devRows = dev.examples.length;
  const [first = devRows] = isClimb.has(strategy) ? duelRungs(devRows) : rungs(devRows);
  const wording = Math.floor((strategy === 'auto' ? wordingShare : 1) * calls);
  const each = strategy === 'playbook' ? 2 : 1;
  const attempts = Math.max(1, Math.floor(wording / (newcomerCalls + first)));
  return { expected: Math.min(wording, each * attempts), most: calls };
}

/** Strategies that compare by duels in place of a race. */
const isClimb: ReadonlySet<SearchPlan['strategy']> = new Set(['auto', 'reflection']);

function proposals(
  { prompt, splits, proposerPreview }: Forecasting,
  { base }: SearchSpace,
  calls: Amount,
): Stage[] {
  if (!proposerPreview || calls.most === 0) return [];
  const { train } = splits;
  const byLength = train.examples.toSorted((a, b) => sizeOf(b) - sizeOf(a)).slice(0, mostShownRows);
  const answerLength = CHARACTERS_PER_TOKEN * (prompt.parameters.maxTokens ?? LONGEST_PROPOSAL_TOKENS);
  const tokens = {
    expected: tokensOf(
      improvementQuestion(
        prompt,
        base.instruction,
        reviewed(prompt, train.examples.slice(0, mostRows), null),
      ),
    ),
    most: tokensOf(
      improvementQuestion(
        prompt,
        'x'.repeat(longestInstruction(base.instruction)),
        reviewed(prompt, byLength, 'x'.repeat(answerLength)),
      ),
    ),
  };
  const answer = {
    expected: proposerPreview.meanOutputTokens ?? LONGEST_PROPOSAL_TOKENS,
    most: LONGEST_PROPOSAL_TOKENS,
  };
  const usd = (of: 'expected' | 'most') => times(calls[of], proposerPreview.usdOf(tokens[of], answer[of]));
  return [
    {
      stage: 'proposals',
      calls,
      stored: null,
      inputTokens: { expected: calls.expected * tokens.expected, most: calls.most * tokens.most },
      outputTokens: {
        expected: Math.ceil(calls.expected * answer.expected),
        most: calls.most * answer.most,
      },
      usd: { expected: usd('expected'), most: usd('most') },
    },
  ];
}

/** Training rows that a teacher answers. */
function answers({ prompt, splits, proposerPreview }: Forecasting, calls: Amount): Stage[] {
  if (!proposerPreview || calls.most === 0) return [];
  const unstored = { ...proposerPreview, stored: () => false };
  const each = perCall([estimate(prompt, splits.train.examples, 1, unstored)]);
  return [stageOf('answers', calls, each, each)];
}

/** Rows as a proposer reads them, all wrong; answered as the reference would be where no answer is given. */
function reviewed(prompt: Prompt, examples: readonly Example[], answer: string | null) {
  return examples.map((example) => {
    const output = answer ?? referenceAnswer(prompt.output, example.expected) ?? '';
    return { example, row: { objective: 0, values: [], output, feedback: answer === null ? [] : [answer] } };
  });
}

/** The longest prompt that the search could make. */
function longestPrompt(prompt: Prompt, space: SearchSpace, { strategy }: SearchPlan): Prompt {
  const wordings = space.instructions.toSorted((a, b) => b.length - a.length);
  const instruction = writesInstructions.has(strategy)
    ? 'x'.repeat(longestInstruction(space.base.instruction))
    : (wordings[0] ?? '');
  const demonstrations = [...space.pool.values()]
    .toSorted((a, b) => b.question.length + b.answer.length - a.question.length - a.answer.length)
    .slice(0, Math.max(space.sizes.at(-1) ?? 0, space.base.demonstrations.length))
    .map(({ id }) => id);
  return realise(prompt, space, { instruction, layout: 'instruction first', demonstrations });
}

type PerCall = { readonly inputTokens: number; readonly outputTokens: Guess; readonly usd: Guess };

function perCall(estimates: readonly Estimate[]): PerCall {
  const calls = estimates.reduce((sum, each) => sum + each.calls, 0);
  const mean = (amount: (each: Estimate) => number | null) =>
    estimates.reduce<number | null>((sum, each) => {
      const value = amount(each);
      return sum === null || value === null ? null : sum + value / calls;
    }, 0);
  return {
    inputTokens: mean(({ inputTokens }) => inputTokens) ?? 0,
    outputTokens: {
      expected: mean(({ outputTokens }) => outputTokens.expected),
      most: mean(({ outputTokens }) => outputTokens.most),
    },
    usd: { expected: mean(({ usd }) => usd.expected), most: mean(({ usd }) => usd.most) },
  };
}

function stageOf(stage: Stage['stage'], calls: Amount, typical: PerCall, longest: PerCall): Stage {
  return {
    stage,
    calls,
    stored: null,
    inputTokens: {
      expected: Math.ceil(calls.expected * typical.inputTokens),
      most: Math.ceil(calls.most * longest.inputTokens),
    },
    outputTokens: {
      expected: ceiling(times(calls.expected, typical.outputTokens.expected)),
      most: ceiling(times(calls.most, longest.outputTokens.most)),
    },
    usd: {
      expected: times(calls.expected, typical.usd.expected),
      most: times(calls.most, longest.usd.most),
    },
  };
}

function exactly(stage: Stage['stage'], { calls, stored, inputTokens, outputTokens, usd }: Estimate): Stage {
  return {
    stage,
    calls: { expected: calls, most: calls },
    stored,
    inputTokens: { expected: inputTokens, most: inputTokens },
    outputTokens,
    usd,
  };
}

function times(calls: number, each: number | null): number | null {
  return each === null ? null : calls * each;
}

function ceiling(value: number | null): number | null {
  return value === null ? null : Math.ceil(value);
}

function sizeOf({ input }: Example): number {
  return JSON.stringify(input).length;
}

function tokensOf(messages: readonly Message[]): number {
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
