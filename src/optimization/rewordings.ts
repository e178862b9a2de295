import type { Example } from '../datasets/dataset.ts';
import { type Attempt, newcomersOf } from './attempts.ts';
import { choicesKey } from './candidate.ts';
import type { Challengers } from './climb.ts';
import { type Evidence, pairedEvidence } from './duel.ts';
import type { Choices } from './proposal.ts';
import { consult, type Proposer, type Refused, readInstruction } from './proposer.ts';
import { improvementQuestion } from './reflection-questions.ts';
import { reviews } from './reviews.ts';
import { requireProposer, type StrategyContext } from './strategy.ts';
import { describeTrial, mostFreshRows, mostTriedRows, type ReviewedRow } from './training-rows.ts';

/** Calls that a proposal may take: rows for the champion, the question, and rows for the proposal. */
export const proposalCalls = mostFreshRows + 1 + mostTriedRows;

/** A proposer that repeats itself so often in a row has nothing new to say. */
const mostRepetitions = 50;

/**
 * Challengers that a proposer writes from what the champion got wrong on training rows. One that is no better on some of the rows it
 * was made from is not entered. Throws inputError without a proposer.
 */
export function rewordings(context: StrategyContext): Challengers {
  const { contest } = context;
  const proposer = requireProposer(context, 'reflection');
  const book = reviews(context);
  const trials = new Map<number, Evidence>();
  const seen = new Set<string>();
  let champion = 0;
  let repetitions = 0;

  const attempt = async (round: number): Promise<Attempt> => {
    const choices = contest.choices(champion);
    const rows = await book.choose(choices, round);
    if (rows.shown.length === 0) return 'nothing wrong';
    contest.charge(1);
    const instruction = await ask(context, proposer, choices, rows.shown);
    if (typeof instruction !== 'string') return instruction;
    const changed = { ...choices, instruction };
    const key = choicesKey(changed);
    const isKnown = seen.has(key) || key === choicesKey(choices);
    repetitions = isKnown ? repetitions + 1 : 0;
    if (repetitions >= mostRepetitions) return { ended: 'the proposer only repeated itself' };
    if (repetitions > 0) return { entered: null };
    seen.add(key);
    const pairs = await book.tryOut(changed, rows.tried);
    const trial = pairedEvidence(pairs);
    if (trial.sum <= 0) return { entered: null };
    const was = pairs.reduce((sum, pair) => sum + pair.was, 0);
    const id = contest.enter({
      choices: changed,
      parent: champion,
      why: `${champion} reworded (${describeTrial(was, was + trial.sum, pairs.length)})`,
    });
    if (id !== null) trials.set(id, trial);
    return { entered: id };
  };

  const newcomers = newcomersOf(contest, proposalCalls, attempt);
  return {
    cost: proposalCalls,
    isInformed: true,
    async next(against, round) {
      champion = against;
      const made = await newcomers.next(round);
      return typeof made === 'number' ? { id: made, trial: trials.get(made) ?? null } : made;
    },
  };
}

/** What a proposer makes of an instruction, or why it cannot be tried. */
async function ask(
  { prompt, guard, signal }: StrategyContext,
  proposer: Proposer,
  { instruction }: Choices,
  rows: readonly ReviewedRow[],
): Promise<string | Refused> {
  const answer = await consult(proposer, improvementQuestion(prompt, instruction, rows), signal);
  if (typeof answer !== 'string') return answer;
  const proposed = readInstruction(answer);
  if (proposed === null) return { refused: 'its answer holds no instruction between the marks' };
  const shown: Example[] = rows.map(({ example }) => example);
  const refused = guard(proposed, shown);
  return refused === null ? proposed : { refused };
}
