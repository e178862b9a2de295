import type { Example } from '../../src/datasets/dataset.ts';
import { interleave } from '../../src/datasets/order.ts';
import { measureAll } from '../../src/evaluation/measure-all.ts';
import { asking, type Model } from '../../src/models/model.ts';
import { Contest, type MeasureRows } from '../../src/optimization/contest.ts';
import { guardRails } from '../../src/optimization/guard-rails.ts';
import { measuredRow } from '../../src/optimization/measured-row.ts';
import type { Choices } from '../../src/optimization/proposal.ts';
import { type Proposer, proposerOf } from '../../src/optimization/proposer.ts';
import { buildSpace, realise, stratumOf } from '../../src/optimization/space.ts';
import type { StrategyContext } from '../../src/optimization/strategy.ts';
import { createRandom } from '../../src/statistics/random.ts';
import type { BenchTask } from './bench-task.ts';

/** What was asked in one run. */
export type Meter = { rows: number; questions: number };

/** What every contestant gets: the same space, rows, models and limit, behind one meter. */
export type Arena = {
  readonly task: BenchTask;
  readonly context: StrategyContext;
  readonly proposer: Proposer;
  readonly measure: MeasureRows;
  readonly meter: Meter;
  readonly seed: number;
};

/** Finds better choices with at most `context.calls` measured rows. */
export type Contestant = (arena: Arena) => Promise<Choices>;

const maxDemonstrations = 24;

/** As `optimizePrompt` sets a search up, without the final measurement: the worth of the pick is known. */
export function openArena(task: BenchTask, seed: number, calls: number): Arena {
  const { prompt, splits, metrics } = task;
  const random = createRandom(seed);
  const space = buildSpace(prompt, splits.train.examples, {
    maxDemonstrations,
    random: random.fork('space'),
  });
  const meter: Meter = { rows: 0, questions: 0 };
  const model = counted(task.model, () => {
    meter.rows += 1;
  });
  const proposer = proposerOf(
    counted(task.proposer, () => {
      meter.questions += 1;
    }),
  );
  const measure: MeasureRows = async (choices, rows) => {
    const { results } = await measureAll(realise(prompt, space, choices), rows, { model, metrics });
    return results.map((result) => measuredRow(metrics, result));
  };
  const stratum = (example: Example) => stratumOf(prompt.output, example.expected);
  const ranks = new Map(splits.dev.examples.map(({ id }) => [id, String(random.fork(`row ${id}`).next())]));
  const rows = interleave(splits.dev.examples, stratum, ({ id }) => ranks.get(id) ?? '');
  const contest = new Contest(rows, measure);
  const context: StrategyContext = {
    prompt,
    space,
    contest,
    train: splits.train.examples,
    calls,
    random: random.fork('search'),
    stratumOf: stratum,
    exhausted: () => null,
    proposer,
    // No contestant asks a teacher.
    teacher: {
      name: 'the prompt as it was',
      answer: (asked) => contest.probe(space.base, asked),
      adopt: () => space,
    },
    guard: guardRails(space.base.instruction),
  };
  return { task, context, proposer, measure, meter, seed };
}

/** The worth of a contestant's pick. */
export function worthOf({ task, context }: Arena, choices: Choices): number {
  return task.worth(realise(task.prompt, context.space, choices).messages);
}

function counted(model: Model, count: () => void): Model {
  return asking(model, (request, signal) => {
    count();
    return model.complete(request, signal);
  });
}
