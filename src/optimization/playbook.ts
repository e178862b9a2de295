import { type Attempt, newcomersOf } from './attempts.ts';
import type { Contest } from './contest.ts';
import { insightQuestion, operationsQuestion } from './playbook-questions.ts';
import { applyOperations, readOperations, readPlaybook, writePlaybook } from './playbook-rules.ts';
import { consult, type Proposer } from './proposer.ts';
import { finalCalls, race } from './race.ts';
import { byEffect, rungs } from './racing.ts';
import { requireProposer, type Strategy, type StrategyContext, type StrategyOutcome } from './strategy.ts';
import { mistakes, mostRows, type NextRows, reviewRows, trainingRows, tryOut } from './training-rows.ts';

/** Share of the calls for growing the playbook; the rest asks of each rule whether it helps. */
const growing = 0.7;

/** Sums nearer than this are equal: they come from different orders of summation. */
const tie = 1e-9;

/** Calls that a growth may take: rows for the playbook, two questions, and the rows again. */
export const growthCalls = 2 * mostRows + 2;

/**
 * Grows a list of rules at the end of the instruction, after agentic context engineering (ACE, Zhang et al. 2025, arXiv
 * 2510.04618): the prompt answers a few training rows (generator), a model says what its mistakes teach (reflector), and turns that
 * into additions, changes and removals of rules (curator). Playbooks race on the dev split; of the best one each rule is kept only if the
 * dev split is worse without it. Needs a proposer.
 */
export const playbook: Strategy = async (context) => {
  const proposer = requireProposer(context, 'playbook');
  const next = trainingRows(context);
  const { contest, calls } = context;
  const [first = 0] = rungs(contest.rowCount);
  const least = Math.min(calls, finalCalls(contest.rowCount) + 2 * first + growthCalls);
  const grown = await race(
    { ...context, calls: Math.max(Math.floor(growing * calls), least) },
    newcomersOf(contest, growthCalls, () => grow(context, proposer, next)),
  );
  return prune(context, grown);
};

/** The best playbook with other rules, tried on the rows they were learnt from. */
async function grow(context: StrategyContext, proposer: Proposer, next: NextRows): Promise<Attempt> {
  const { contest, prompt, train, guard, signal } = context;
  const [best] = contest
    .racers()
    .filter(({ effect }) => !Number.isNaN(effect))
    .sort(byEffect);
  if (!best) return { ended: 'the prompt as it was could not be measured' };
  const choices = contest.choices(best.id);
  const rows = await reviewRows(contest, choices, next, train.length);
  const wrong = mistakes(rows);
  if (wrong.length === 0) return 'nothing wrong';
  contest.charge(1);
  const insights = await consult(proposer, insightQuestion(prompt, choices.instruction, wrong), signal);
  if (typeof insights !== 'string') return insights;
  const { instruction, rules } = readPlaybook(choices.instruction);
  contest.charge(1);
  const answer = await consult(proposer, operationsQuestion(rules, insights), signal);
  if (typeof answer !== 'string') return answer;
  const operations = readOperations(answer);
  if (operations.length === 0) return { refused: 'its answer holds no change of the rules' };
  const text = writePlaybook(instruction, applyOperations(rules, operations));
  const twin = contest.entries.find((entry) => entry.draft.choices.instruction === text);
  if (twin) return { refused: `it repeated the rules of candidate ${twin.id}` };
  const shown = wrong.map(({ example }) => example);
  const refused = guard(text, shown);
  if (refused !== null) return { refused };
  const changed = { ...choices, instruction: text };
  const { isBetter, words } = await tryOut(contest, changed, rows);
  const why = `${best.id} with other rules (${words})`;
  return { entered: isBetter ? contest.enter({ choices: changed, parent: best.id, why }) : null };
}

/** Takes rules out of the pick one after another, those the dev split is no worse without. */
async function prune(context: StrategyContext, { picked, ended }: StrategyOutcome): Promise<StrategyOutcome> {
  const { contest, calls, exhausted } = context;
  let kept = picked;
  let rule = 0;
  while (kept !== null && exhausted(contest.rowCount) === null && contest.calls + contest.rowCount <= calls) {
    const choices = contest.choices(kept);
    const { instruction, rules } = readPlaybook(choices.instruction);
    if (rule >= rules.length || rules.length < 2) break;
    const without = { ...choices, instruction: writePlaybook(instruction, rules.toSpliced(rule, 1)) };
    const id = contest.enter({ choices: without, parent: kept, why: `${kept} without its rule ${rule + 1}` });
    if (id === null) {
      rule += 1;
      continue;
    }
    if (await isNoWorse(contest, id, kept)) kept = id;
    else rule += 1;
  }
  return { picked: kept, ended };
}

/** Measures a candidate on more and more rows, as long as it is no worse on them than one that was measured on all. */
async function isNoWorse(contest: Contest, id: number, kept: number): Promise<boolean> {
  for (const rows of rungs(contest.rowCount)) {
    await contest.advance(id, rows);
    if (!(gainOver(contest, id, kept) >= -tie)) return false;
  }
  return true;
}

/** What a candidate gains over another on the rows both have seen, in all; NaN where one of them cannot be compared. */
function gainOver(contest: Contest, id: number, other: number): number {
  const measured = new Map(contest.measured().map((entry) => [entry.id, entry.values]));
  const [mine, theirs] = [measured.get(id), measured.get(other)];
  if (!mine || !theirs) return Number.NaN;
  return [...mine].reduce((sum, [row, value]) => sum + value - (theirs.get(row) ?? value), 0);
}
