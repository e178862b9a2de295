import type { Example } from '../datasets/dataset.ts';
import type { MeasuredRow } from './contest.ts';
import { insightQuestion, operationsQuestion } from './playbook-questions.ts';
import { applyOperations, readOperations, readPlaybook, writePlaybook } from './playbook-rules.ts';
import type { Proposer } from './proposer.ts';
import { race } from './race.ts';
import { byEffect } from './racing.ts';
import { batchesOf } from './reflection.ts';
import { requireProposer, type Strategy, type StrategyContext, type StrategyOutcome } from './strategy.ts';

const batchSize = 6;
const mostRefusals = 5;
/** Share of the calls for growing the playbook; the rest asks of each rule whether it helps. */
const growing = 0.7;

/**
 * Grows a list of rules at the end of the instruction, after agentic context engineering (ACE, Zhang et al. 2025, arXiv
 * 2510.04618): the prompt answers a few training rows (generator), a model says what its mistakes teach (reflector), and turns that
 * into additions, changes and removals of rules (curator). Playbooks race on the dev split; of the best one each rule is kept only if the
 * dev split is worse without it. Needs a proposer.
 */
export const playbook: Strategy = async (context) => {
  const proposer = requireProposer(context, 'playbook');
  const batches = batchesOf(context, batchSize);
  let refusals = 0;
  let idle = 0;
  const grown = await race(
    { ...context, calls: Math.max(Math.floor(growing * context.calls), leastCalls(context)) },
    {
      cost: 2 * batchSize + 2,
      async next() {
        if (refusals >= mostRefusals)
          return { ended: `the proposer gave no usable rule ${mostRefusals} times in a row` };
        if (idle >= mostRefusals * 4) return { ended: 'the training rows teach no further rule' };
        const before = context.contest.calls;
        const entered = await grow(context, proposer, batches());
        idle = context.contest.calls === before || entered === null ? idle + 1 : 0;
        refusals = entered === 'refused' ? refusals + 1 : 0;
        return entered === 'refused' ? null : entered;
      },
    },
  );
  return prune(context, grown);
};

/** A race needs so many calls to compare two candidates on every row. */
function leastCalls({ contest, calls }: StrategyContext): number {
  return Math.min(calls, 2 * contest.rowCount + 2 * batchSize + 2);
}

/** A playbook with other rules, tried on the rows they were learnt from; its id, or null when it is no better there. */
async function grow(
  context: StrategyContext,
  proposer: Proposer,
  batch: readonly Example[],
): Promise<number | null | 'refused'> {
  const { contest, prompt, guard, signal } = context;
  const [best] = contest
    .racers()
    .filter(({ effect }) => !Number.isNaN(effect))
    .sort(byEffect);
  if (!best) return null;
  const choices = contest.choices(best.id);
  const rows = await contest.probe(choices, batch);
  if (rows.every(({ objective }) => objective === 1)) return null;
  const { instruction, rules } = readPlaybook(choices.instruction);
  const insights = await proposer(insightQuestion(prompt, choices.instruction, batch, rows), signal);
  const answer = await proposer(operationsQuestion(rules, insights), signal);
  contest.charge(2);
  const operations = readOperations(answer);
  if (operations.length === 0) return 'refused';
  const text = writePlaybook(instruction, applyOperations(rules, operations));
  if (text === choices.instruction || guard(text) !== null) return 'refused';
  const grown = { ...choices, instruction: text };
  const tried = await contest.probe(grown, batch);
  const [was, is] = [sumOf(rows), sumOf(tried)];
  if (!(is > was)) return null;
  const why = `${best.id} with ${operations.length} changes of its rules (${was.toFixed(2)} to ${is.toFixed(2)} of ${batch.length})`;
  return contest.enter({ choices: grown, parent: best.id, why });
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
    await contest.advance(id, contest.rowCount);
    const isNoWorse = (contest.mean(id) ?? 0) >= (contest.mean(kept) ?? 1);
    if (isNoWorse) kept = id;
    else rule += 1;
  }
  return { picked: kept, ended };
}

function sumOf(rows: readonly MeasuredRow[]): number {
  return rows.reduce((sum, { objective }) => sum + (objective ?? 0), 0);
}
