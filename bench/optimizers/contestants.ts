import { auto } from '../../src/optimization/auto.ts';
import { runAxGepa } from '../../src/optimization/ax-gepa.ts';
import { gepa } from '../../src/optimization/gepa.ts';
import type { Choices } from '../../src/optimization/proposal.ts';
import { consult, readInstruction } from '../../src/optimization/proposer.ts';
import { randomSearch } from '../../src/optimization/random-search.ts';
import { reflection } from '../../src/optimization/reflection.ts';
import { improvementQuestion } from '../../src/optimization/reflection-questions.ts';
import { search } from '../../src/optimization/search.ts';
import type { Strategy } from '../../src/optimization/strategy.ts';
import { mistakes, type ReviewedRow, trainingRows } from '../../src/optimization/training-rows.ts';
import type { Arena, Contestant } from './arena.ts';
import { axBootstrap } from './ax-bootstrap.ts';

/** Ours first; they spend their questions to the proposer out of the same calls, for the others only measured rows count. */
export const contestants: Readonly<Record<string, Contestant>> = {
  auto: strategy(auto),
  reflection: strategy(reflection),
  search: strategy(search),
  gepa: strategy(gepa),
  AxGEPA: (arena) => axGepa(arena),
  'AxGEPA, all rows': (arena) => axGepa(arena, arena.task.splits.dev.examples.length),
  AxBootstrapFewShot: axBootstrap,
  greedy,
  random: strategy(randomSearch),
};

function strategy(run: Strategy): Contestant {
  return async ({ context }) => {
    const { picked } = await run(context);
    return picked === null ? context.space.base : context.contest.choices(picked);
  };
}

/**
 * AxGEPA as it is, but for its early stopping, which counts wrongly: minibatches of 20 and, unless it is told otherwise, the first 60
 * validation rows.
 */
async function axGepa(arena: Arena, paretoSetSize?: number): Promise<Choices> {
  const { context, task, measure, seed } = arena;
  const { base } = context.space;
  const instruction = await runAxGepa({
    instruction: base.instruction,
    train: context.train,
    validation: task.splits.dev.examples,
    calls: context.calls,
    seed,
    ...(paretoSetSize !== undefined && { paretoSetSize }),
    measure: (text, rows) => measure({ ...base, instruction: text }, rows),
    propose: (text, rows) => propose(arena, text, rows),
  });
  return { ...base, instruction };
}

/** Rows on which greedy hill climbing compares a proposal with the current best. */
const minibatch = 35;

/** Hill climbing: always from the best so far, accepted when it is better on a fresh minibatch of training rows. */
async function greedy(arena: Arena): Promise<Choices> {
  const { context } = arena;
  const { contest, calls, train, space } = context;
  const next = trainingRows(context);
  let best = space.base;
  for (let round = 0; round < calls && contest.calls + 2 * minibatch <= calls; round++) {
    const examples = next(Math.min(minibatch, train.length));
    const before = await contest.probe(best, examples);
    const rows = examples.flatMap((example, index) => {
      const row = before[index];
      return row ? [{ example, row }] : [];
    });
    if (mistakes(rows).length === 0) continue;
    const instruction = await propose(arena, best.instruction, rows);
    if (instruction === null) continue;
    const changed = { ...best, instruction };
    const after = await contest.probe(changed, examples);
    const sum = (measured: typeof after) => measured.reduce((total, row) => total + (row.objective ?? 0), 0);
    if (sum(after) > sum(before)) best = changed;
  }
  return best;
}

/** A proposal as ours are made: the same question, worst rows first, and the same guard rails. */
async function propose(
  { context, proposer }: Arena,
  instruction: string,
  rows: readonly ReviewedRow[],
): Promise<string | null> {
  const sorted = [...rows].sort((a, b) => (a.row.objective ?? 0) - (b.row.objective ?? 0));
  const answer = await consult(proposer, improvementQuestion(context.prompt, instruction, sorted));
  const proposed = typeof answer === 'string' ? readInstruction(answer) : null;
  const shown = sorted.map(({ example }) => example);
  return proposed === null || context.guard(proposed, shown) !== null ? null : proposed;
}
