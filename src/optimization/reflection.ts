import type { Example } from '../datasets/dataset.ts';
import { type Attempt, newcomersOf } from './attempts.ts';
import type { Draft } from './candidate.ts';
import type { Contest } from './contest.ts';
import { drawFromFront, paretoFront } from './pareto.ts';
import { consult, type Proposer, type Refused, readInstruction } from './proposer.ts';
import { type Newcomers, race } from './race.ts';
import { improvementQuestion, mergeQuestion } from './reflection-questions.ts';
import { requireProposer, type Strategy, type StrategyContext } from './strategy.ts';
import { mistakes, mostRows, type NextRows, reviewRows, trainingRows, tryOut } from './training-rows.ts';

/** Every so many proposals, two candidates of the front are merged, once there are three. */
const mergeEvery = 4;

/**
 * Reflective search over instructions, after GEPA (Agrawal et al. 2025, arXiv 2507.19457): a candidate of the Pareto front over dev rows
 * and metrics is measured on a few training rows, a model reads what the metrics said and writes a better instruction, and one that
 * does better on those rows enters the race. Where GEPA measures each accepted candidate on the whole validation set, successive
 * halving spends that on the promising ones only. Needs a proposer.
 */
export const reflection: Strategy = (context) => race(context, reflectedInstructions(context));

/** Calls that a proposal may take: rows for the parent, the question, and the rows again. */
export const proposalCalls = 2 * mostRows + 1;

/** The newcomers of reflection. Throws inputError without a proposer. */
export function reflectedInstructions(context: StrategyContext): Newcomers {
  const proposer = requireProposer(context, 'reflection');
  const next = trainingRows(context);
  const merged = new Set<string>();
  let proposals = 0;
  return newcomersOf(context.contest, proposalCalls, async (round): Promise<Attempt> => {
    const front = paretoFront(context.contest.measured());
    if (front.size === 0) return { ended: 'the prompt as it was could not be measured' };
    const dice = context.random.fork(`reflection ${round}`);
    const parent = drawFromFront(front, dice);
    const partners = new Map(
      [...front].filter(([id]) => !areRelated(context.contest, id, parent) && !merged.has(`${parent} ${id}`)),
    );
    const merges = proposals % mergeEvery === mergeEvery - 1 && partners.size > 0;
    if (merges) {
      const other = drawFromFront(partners, dice);
      merged.add(`${parent} ${other}`).add(`${other} ${parent}`);
      proposals += 1;
      return merge(context, proposer, parent, other);
    }
    const attempt = await reword(context, proposer, parent, next);
    if (attempt !== 'nothing wrong') proposals += 1;
    return attempt;
  });
}

/** A candidate that was made from the other one, or is the other one, has nothing to merge with it. */
function areRelated(contest: Contest, a: number, b: number): boolean {
  return a === b || contest.descends(a, b) || contest.descends(b, a);
}

/** A new wording of a candidate's instruction from what it got wrong, tried on the same rows. */
async function reword(
  context: StrategyContext,
  proposer: Proposer,
  parent: number,
  next: NextRows,
): Promise<Attempt> {
  const { contest, prompt, train, signal } = context;
  const choices = contest.choices(parent);
  const rows = await reviewRows(contest, choices, next, train.length);
  if (mistakes(rows).length === 0) return 'nothing wrong';
  contest.charge(1);
  const answer = await consult(proposer, improvementQuestion(prompt, choices.instruction, rows), signal);
  const shown = rows.map(({ example }) => example);
  const draft = drafted(context, parent, shown, answer);
  if ('refused' in draft) return draft;
  const { isBetter, words } = await tryOut(contest, draft.choices, rows);
  return { entered: isBetter ? contest.enter({ ...draft, why: `${parent} reworded (${words})` }) : null };
}

/** Two instructions in one. It goes straight into the race: there is no row it was made from. */
async function merge(
  context: StrategyContext,
  proposer: Proposer,
  parent: number,
  other: number,
): Promise<Attempt> {
  const { contest, signal } = context;
  const [first, second] = [contest.choices(parent), contest.choices(other)];
  contest.charge(1);
  const answer = await consult(proposer, mergeQuestion(first.instruction, second.instruction), signal);
  const draft = drafted(context, parent, [], answer);
  if ('refused' in draft) return draft;
  return { entered: contest.enter({ ...draft, why: `${parent} merged with ${other}` }) };
}

function drafted(
  { contest, guard }: StrategyContext,
  parent: number,
  shown: readonly Example[],
  answer: string | Refused,
): Omit<Draft, 'why'> | Refused {
  if (typeof answer !== 'string') return answer;
  const instruction = readInstruction(answer);
  if (instruction === null) return { refused: 'its answer holds no instruction between the marks' };
  const twin = contest.entries.find((entry) => entry.draft.choices.instruction === instruction);
  if (twin) return { refused: `it repeated the instruction of candidate ${twin.id}` };
  const refused = guard(instruction, shown);
  if (refused !== null) return { refused };
  return { choices: { ...contest.choices(parent), instruction }, parent };
}
