import { z } from 'zod';
import type { MetricDefinition } from './definition.ts';
import { type Repair, repairOf } from './graph-repair-answer.ts';
import {
  type ComparedRepair,
  compareRepair,
  countActions,
  countChanges,
  describeRepair,
  hasRightAction,
  hasRightEffect,
  type Settled,
} from './graph-repair-comparison.ts';
import { expectedRepair, type GraphToRepair } from './graph-repair-reference.ts';
import type { Counts, MetricInput, Score } from './metric.ts';
import { precisionRecall } from './precision-recall.ts';

const options = z.strictObject({
  given: z
    .string()
    .min(1)
    .default('relations')
    .describe(
      'The input field with the relationships to verify, one a line, as `1. source | relation | target`.',
    ),
  decisions: z
    .string()
    .min(1)
    .default('decisions')
    .describe(
      'The list of decisions, in `expected` and in an answer that decides one by one: items with `number`, `action` (keep, drop, merge or fix) and, for a fix, the right `source`, `relation` and `target`.',
    ),
  field: z
    .string()
    .min(1)
    .default('relationships')
    .describe(
      'The repaired graph, in `expected` and in an answer without decisions: items with `source`, `relation` and `target`.',
    ),
});

type Options = z.output<typeof options>;

type Measure = {
  readonly count: (compared: ComparedRepair) => Counts;
  /** Whether there is anything to take a share of. */
  readonly applies: (counts: Counts) => boolean;
  readonly ratioOf: (counts: Counts) => number;
  readonly isRight: (settled: Settled) => boolean;
};

const NOTHING: Counts = { hits: 0, predicted: 0, expected: 0 };

const CHANGES =
  'A change is a given relationship that leaves the graph or is altered, or one that is added. It is right when the reference makes it too: an alteration, to the same names (in any case), direction and kind. A given relationship on which an answer with decisions says nothing, and each one where no list can be read or the graph is empty and should not be, is a wrong change.';

export const repairPrecision = repairMetric(
  'repair_precision',
  `The share of the changes made to a given graph that it needed, in [0, 1], higher is better; over a dataset, of all changes together. No value where nothing was changed. ${CHANGES}`,
  {
    count: countChanges,
    applies: ({ predicted }) => predicted > 0,
    ratioOf: (counts) => precisionRecall(counts).precision,
    isRight: hasRightEffect,
  },
);

export const repairRecall = repairMetric(
  'repair_recall',
  `The share of the changes a given graph needed that were made, in [0, 1], higher is better; over a dataset, of all changes together. 0 for a graph left alone; no value where none was needed. ${CHANGES}`,
  {
    count: countChanges,
    applies: ({ expected }) => expected > 0,
    ratioOf: (counts) => precisionRecall(counts).recall,
    isRight: hasRightEffect,
  },
);

export const repairF1 = repairMetric(
  'repair_f1',
  `F1 of the changes made to a given graph, in [0, 1], higher is better; over a dataset, of all changes together. 0 for a graph left alone that needed a change; where none was needed, 1 for none and 0 for any. ${CHANGES}`,
  {
    count: countChanges,
    applies: () => true,
    // Nothing needed and nothing changed is the right answer, not a ratio without a denominator.
    ratioOf: (counts) => (counts.predicted + counts.expected === 0 ? 1 : precisionRecall(counts).f1),
    isRight: hasRightEffect,
  },
);

export const repairAccuracy = repairMetric(
  'repair_accuracy',
  'The share of the given relationships with the right action (keep, drop, merge, or fix to the right relationship), in [0, 1], higher is better; over a dataset, of all given ones together. Of an answer that is a graph, the action is what became of the relationship, dropped and merged being the same there. One without a decision, and each one where no list can be read or the graph is empty and should not be, is wrong.',
  {
    count: countActions,
    applies: () => true,
    ratioOf: (counts) => precisionRecall(counts).recall,
    isRight: hasRightAction,
  },
);

function repairMetric(use: string, description: string, measure: Measure): MetricDefinition<Options> {
  return {
    use,
    description,
    options,
    create: (name, chosen) => ({
      name,
      description,
      direction: 'higher',
      unit: 'ratio',
      scale: 'graded',
      score: (input) => scoreRepair(input, chosen, measure),
      pool: ({ '': counts = NOTHING }) => measure.ratioOf(counts),
    }),
  };
}

function scoreRepair({ parsed, example }: MetricInput, chosen: Options, measure: Measure): Score {
  const graph = expectedRepair(example, chosen);
  const repair = repairOf(parsed.value, graph, chosen);
  const compared = compareRepair(graph, repair ?? undecided(graph));
  const counts = measure.count(compared);
  if (!measure.applies(counts)) return { value: null, feedback: '' };
  const value = measure.ratioOf(counts);
  const feedback =
    repair === null
      ? `no list "${chosen.decisions}" and no relationship in a list "${chosen.field}" could be read from the answer`
      : describeRepair(compared, measure.isRight);
  return { value, counts: { '': counts }, feedback: value === 1 ? '' : feedback };
}

function undecided({ given }: GraphToRepair): Repair {
  return { outcomes: given.map(() => null), added: [] };
}
