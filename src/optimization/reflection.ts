import type { Example } from '../datasets/dataset.ts';
import type { Draft } from './candidate.ts';
import type { MeasuredRow } from './contest.ts';
import { drawFromFront, paretoFront } from './pareto.ts';
import type { Choices } from './proposal.ts';
import { type Proposer, readInstruction } from './proposer.ts';
import { race } from './race.ts';
import { improvementQuestion, mergeQuestion } from './reflection-questions.ts';
import { requireProposer, type Strategy, type StrategyContext } from './strategy.ts';

/** Training rows a proposal is made from and tried on. */
const batchSize = 6;
/** Every so many proposals, two candidates of the front are merged, once there are three. */
const mergeEvery = 4;
/** A proposer that gives nothing usable so often in a row will not. */
const mostRefusals = 5;
/** As many rounds without a call have gone round in circles. */
const mostIdleRounds = 30;

/**
 * Reflective search over instructions, after GEPA (Agrawal et al. 2025, arXiv 2507.19457): a candidate of the Pareto front over dev rows
 * and metrics is measured on a few training rows, a model reads what the metrics said and writes a better instruction, and one that
 * does better on those rows enters the race. Where GEPA measures each accepted candidate on the whole validation set, successive
 * halving spends that on the promising ones only. Needs a proposer.
 */
export const reflection: Strategy = (context) => {
  const proposer = requireProposer(context, 'reflection');
  const batches = batchesOf(context);
  const log = { proposals: 0, refusals: 0, lastRefusal: '', idle: 0 };
  return race(context, {
    cost: 2 * batchSize + 1,
    async next(round) {
      if (log.refusals >= mostRefusals)
        return {
          ended: `the proposer gave no usable instruction ${mostRefusals} times in a row, the last because ${log.lastRefusal}`,
        };
      const before = context.contest.calls;
      const entered = await reflect(context, proposer, batches(), round, log);
      log.idle = context.contest.calls === before ? log.idle + 1 : 0;
      if (log.idle >= mostIdleRounds) return { ended: 'nothing was left to learn from the training rows' };
      return entered;
    },
  });
};

type Log = { proposals: number; refusals: number; lastRefusal: string; idle: number };

/** One proposal, tried on the rows it was made from; the id of the candidate it became, or null. */
async function reflect(
  context: StrategyContext,
  proposer: Proposer,
  batch: readonly Example[],
  round: number,
  log: Log,
): Promise<number | null> {
  const { contest, random } = context;
  const measured = contest.measured();
  const front = paretoFront(measured);
  if (front.size === 0) return null;
  const dice = random.fork(`reflection ${round}`);
  const parent = drawFromFront(front, dice);
  const others = new Map([...front].filter(([id]) => id !== parent));
  const merges = log.proposals % mergeEvery === mergeEvery - 1 && measured.length > 2 && others.size > 0;
  const choices = contest.choices(parent);
  const rows = await contest.probe(choices, batch);
  const draft = merges
    ? await merged(context, proposer, parent, drawFromFront(others, dice))
    : await reworded(context, proposer, parent, batch, rows);
  if (draft === null) return null;
  log.proposals += 1;
  if ('refused' in draft) {
    log.refusals += 1;
    log.lastRefusal = draft.refused;
    return null;
  }
  log.refusals = 0;
  const tried = await contest.probe(draft.choices, batch);
  const [was, is] = [sumOf(rows), sumOf(tried)];
  if (!(is > was)) return null;
  return contest.enter({
    ...draft,
    why: `${draft.why} (${was.toFixed(2)} to ${is.toFixed(2)} of ${batch.length})`,
  });
}

type Refused = { readonly refused: string };

/** A new wording of a candidate's instruction, from what it got wrong; null where it got everything right. */
async function reworded(
  { contest, prompt, guard, signal }: StrategyContext,
  proposer: Proposer,
  parent: number,
  batch: readonly Example[],
  rows: readonly MeasuredRow[],
): Promise<Draft | Refused | null> {
  const choices = contest.choices(parent);
  const reviewed = rows.flatMap((row, index) => {
    const example = batch[index];
    return example ? [{ example, row }] : [];
  });
  if (reviewed.every(({ row }) => row.objective === 1)) return null;
  reviewed.sort((a, b) => (a.row.objective ?? 0) - (b.row.objective ?? 0));
  const answer = await proposer(improvementQuestion(prompt, choices.instruction, reviewed), signal);
  contest.charge(1);
  return drafted(choices, parent, `${parent} reworded after ${batch.length} training rows`, answer, guard);
}

async function merged(
  { contest, guard, signal }: StrategyContext,
  proposer: Proposer,
  parent: number,
  other: number,
): Promise<Draft | Refused> {
  const [first, second] = [contest.choices(parent), contest.choices(other)];
  const answer = await proposer(mergeQuestion(first.instruction, second.instruction), signal);
  contest.charge(1);
  return drafted(first, parent, `${parent} merged with ${other}`, answer, guard);
}

function drafted(
  choices: Choices,
  parent: number,
  why: string,
  answer: string,
  guard: StrategyContext['guard'],
): Draft | Refused {
  const instruction = readInstruction(answer);
  if (instruction === null) return { refused: 'its answer holds no instruction between the marks' };
  if (instruction === choices.instruction) return { refused: 'it repeated the instruction as it was' };
  const refused = guard(instruction);
  return refused === null ? { choices: { ...choices, instruction }, parent, why } : { refused };
}

function sumOf(rows: readonly MeasuredRow[]): number {
  return rows.reduce((sum, { objective }) => sum + (objective ?? 0), 0);
}

/** The training rows in a shuffled order that repeats, a few at each call. */
export function batchesOf({ train, random }: StrategyContext, size = batchSize): () => Example[] {
  let epoch = 0;
  let waiting: Example[] = [];
  return () => {
    while (waiting.length < Math.min(size, train.length)) {
      const seen = new Set(waiting);
      const shuffled = random.fork(`epoch ${epoch++}`).shuffle(train);
      waiting = [...waiting, ...shuffled.filter((example) => !seen.has(example))];
    }
    return waiting.splice(0, size);
  };
}
