import type { Example } from '../datasets/dataset.ts';
import { runAxGepa } from './ax-gepa.ts';
import { affords } from './duel.ts';
import type { MeasuredRow } from './measured-row.ts';
import { consult, type Proposer, readInstruction } from './proposer.ts';
import { finalCalls, type Newcomers, race } from './race.ts';
import { rungs } from './racing.ts';
import { improvementQuestion } from './reflection-questions.ts';
import { requireProposer, type Strategy, type StrategyContext, type StrategyOutcome } from './strategy.ts';
import type { ReviewedRow } from './training-rows.ts';

/** Rows of a minibatch, at most; Ax's own number. */
const largestMinibatch = 20;
/** Rows Ax compares accepted candidates on, at most; Ax's own number for such minibatches. */
const largestValidation = 60;
/** Rows that Ax begins with, at least; and what is said where there are fewer. */
const fewestRows = 2;
const tooFew = 'the training rows are too few to learn from one half and compare on the other';
/** Share of the calls for Ax; the rest is for a comparison on rows that it never saw. */
const share = 0.75;
/** Ax measures rows again and counts them; here they are measured once and paid for once, and ours are the calls that end it. */
const repetitions = 4;
/** Candidates of Ax that are compared again, best first. */
const mostFinalists = 6;
/** A proposer that gives nothing usable so often in a row will not. */
const mostRefusals = 5;

/** Calls that one trial of Ax may take: two minibatches, a question, and a validation. */
export const trialCalls = 2 * largestMinibatch + 1 + largestValidation;

/** Ends Ax's search in order; it knows no other way to be stopped. */
class SearchEnded extends Error {
  override name = 'SearchEnded';
}

/**
 * GEPA (Agrawal et al. 2025, arXiv 2507.19457) as Ax implements it, on instructions, measured and reworded by ours. Ax learns from one
 * half of the training rows and compares on the other. Its own score is the best of many on the same rows, so what it accepted races
 * again on the dev split. Needs a proposer.
 */
export const gepa: Strategy = async (context) => {
  const proposer = requireProposer(context, 'gepa');
  const { contest, calls, space, train, random } = context;
  const half = Math.ceil(train.length / 2);
  const rows = random.fork('halves').shuffle(train);
  const [feedback, validation] = [rows.slice(0, half), rows.slice(half, half + largestValidation)];
  if (feedback.length < fewestRows || validation.length < fewestRows)
    return rerace(context, new Map(), tooFew);
  const [first = 0] = rungs(contest.rowCount);
  const kept = Math.max((1 - share) * calls, finalCalls(contest.rowCount) + 2 * first);
  const limited = { ...context, calls: Math.floor(calls - kept) };
  const accepted = new Map<string, number>();
  let ended = 'the budget of calls was used';
  try {
    await runAxGepa({
      instruction: space.base.instruction,
      train: feedback,
      validation,
      calls: Math.max(validation.length, repetitions * limited.calls),
      seed: 1 + random.fork('gepa').integer(2 ** 31 - 1),
      paretoSetSize: validation.length,
      minibatchSize: Math.min(largestMinibatch, feedback.length),
      measure: measuring(limited, validation, accepted),
      propose: proposing(limited, proposer),
    });
  } catch (error) {
    if (!(error instanceof SearchEnded)) throw error;
    ended = error.message;
  }
  return rerace(context, accepted, ended);
};

/** Measures instructions for Ax, and notes the mean of each that it had measured on the whole validation split. */
function measuring(context: StrategyContext, validation: readonly Example[], accepted: Map<string, number>) {
  const { contest, space } = context;
  const rows = new Set(validation);
  return async (instruction: string, batch: readonly Example[]): Promise<MeasuredRow[]> => {
    requireCalls(context, batch.length);
    const measured = await contest.probe({ ...space.base, instruction }, batch);
    const values = measured.flatMap(({ objective }) => objective ?? []);
    const isBase = instruction === space.base.instruction;
    if (values.length === 0 && isBase) throw new SearchEnded('the prompt as it was could not be measured');
    if (batch.length === validation.length && batch.every((example) => rows.has(example)) && !isBase) {
      accepted.set(instruction, values.reduce((sum, value) => sum + value, 0) / measured.length);
    }
    return measured;
  };
}

/** Answers Ax's question for a better instruction; null where there is none that could be tried. */
function proposing(context: StrategyContext, proposer: Proposer) {
  const { contest, prompt, guard, signal } = context;
  let refusals = 0;
  const refuse = (why: string, failure?: Error): null => {
    refusals += 1;
    if (refusals < mostRefusals) return null;
    throw (
      failure ??
      new SearchEnded(
        `the proposer gave nothing usable ${mostRefusals} times in a row, the last time because ${why}`,
      )
    );
  };
  return async (instruction: string, rows: readonly ReviewedRow[]): Promise<string | null> => {
    requireCalls(context, 1);
    contest.charge(1);
    const worstFirst = [...rows].sort((a, b) => (a.row.objective ?? 0) - (b.row.objective ?? 0));
    const answer = await consult(proposer, improvementQuestion(prompt, instruction, worstFirst), signal);
    if (typeof answer !== 'string') return refuse(answer.refused, answer.failure);
    const proposed = readInstruction(answer);
    if (proposed === null) return refuse('its answer holds no instruction between the marks');
    const shown = worstFirst.map(({ example }) => example);
    const refused = guard(proposed, shown);
    if (refused !== null) return refuse(refused);
    refusals = 0;
    return proposed;
  };
}

function requireCalls(context: StrategyContext, more: number): void {
  if (affords(context, more)) return;
  throw new SearchEnded(context.exhausted(more) ?? 'the budget of calls was used');
}

/** The prompt as it was against what Ax accepted, best first, on the dev split. */
function rerace(
  context: StrategyContext,
  accepted: ReadonlyMap<string, number>,
  ended: string,
): Promise<StrategyOutcome> {
  const { contest, space } = context;
  const best = [...accepted].sort(([, a], [, b]) => b - a).slice(0, mostFinalists);
  const newcomers: Newcomers = {
    cost: 0,
    async next() {
      const entry = best.shift();
      if (!entry) return { ended };
      const [instruction, mean] = entry;
      const why = `accepted by GEPA with ${mean.toFixed(2)} on held-out training rows`;
      return contest.enter({ choices: { ...space.base, instruction }, parent: 0, why });
    },
  };
  return race(context, newcomers);
}
