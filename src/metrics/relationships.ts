import { z } from 'zod';
import type { MetricDefinition } from './definition.ts';
import { enumerate } from './feedback.ts';
import type { Counts, MetricInput, Score } from './metric.ts';
import { addCounts, averagePrecisionRecall, type PrecisionRecall } from './precision-recall.ts';
import { endless, type Relationship, relationshipOf } from './relationship.ts';
import {
  countByRelation,
  matchRelationships,
  pairOf,
  type RelationshipMatching,
  type Sameness,
} from './relationship-matching.ts';
import { expectedRelationships } from './relationship-reference.ts';

const options = z.strictObject({
  field: z
    .string()
    .min(1)
    .default('relationships')
    .describe(
      'The list of relationships: items with `source`, `target` and, where kinds matter, `relation`.',
    ),
  directed: z.boolean().default(false).describe('Whether the source and the target must not be swapped.'),
  typed: z
    .boolean()
    .default(false)
    .describe(
      'Whether `relation` must agree too, in any case. Otherwise several relations of the same pair are one.',
    ),
  aliases: z
    .string()
    .min(1)
    .default('aliases')
    .describe(
      'The field of `expected`, if there, with other names of an entity that count as it: `{name: [other names]}`. A name that the reference itself uses always means that entity.',
    ),
});

type Options = z.output<typeof options>;
type CountsByRelation = Readonly<Record<string, Counts>>;

const NOTHING: Counts = { hits: 0, predicted: 0, expected: 0 };

const EMPTY_RULE =
  'Where nothing is expected, an empty list scores 1 and any other 0; where something is, an empty list scores 0; an answer without a readable list scores 0.';

export const relationshipF1 = relationshipMetric(
  'relationship_f1',
  `F1 of the relationships found, in [0, 1], higher is better; over a dataset, of all relationships together. ${EMPTY_RULE}`,
  ({ f1 }) => f1,
);

export const relationshipPrecision = relationshipMetric(
  'relationship_precision',
  `The share of the predicted relationships that are in the reference, in [0, 1], higher is better; over a dataset, of all relationships together. ${EMPTY_RULE}`,
  ({ precision }) => precision,
);

export const relationshipRecall = relationshipMetric(
  'relationship_recall',
  `The share of the reference's relationships that are found, in [0, 1], higher is better; over a dataset, of all relationships together. ${EMPTY_RULE}`,
  ({ recall }) => recall,
);

function relationshipMetric(
  use: string,
  description: string,
  pick: (ratios: PrecisionRecall) => number,
): MetricDefinition<Options> {
  // Nothing expected and nothing predicted is the right answer, not a ratio without a denominator.
  const pool = (counts: CountsByRelation) => {
    const nothingAtStake = Object.values(counts).every(
      ({ predicted, expected }) => predicted + expected === 0,
    );
    return nothingAtStake ? 1 : pick(averagePrecisionRecall(counts, 'micro'));
  };
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
      score: (input) => scoreRelationships(input, chosen, pool),
      pool,
    }),
  };
}

function scoreRelationships(
  { parsed, example }: MetricInput,
  chosen: Options,
  ratioOf: (counts: CountsByRelation) => number,
): Score {
  const reference = expectedRelationships(example, chosen.field, chosen.aliases);
  const items = parsed.value?.[chosen.field];
  if (!Array.isArray(items)) {
    const counts = countsWithoutList(reference.relationships, chosen);
    return { value: 0, counts, feedback: `no list "${chosen.field}" could be read from the answer` };
  }
  const predicted = items.map((item: unknown) => relationshipOf(item, reference.entityOf) ?? endless(item));
  const matching = matchRelationships(reference.relationships, predicted, chosen);
  const counts = countByRelation(matching, chosen);
  const value = ratioOf(counts);
  return { value, counts, feedback: value === 1 ? '' : describeMatching(matching) };
}

/**
 * An answer without a list counts as a wrong relationship, and, where nothing was expected, as one missed: it has
 * to show in pooled precision and in pooled recall, whatever the reference.
 */
function countsWithoutList(expected: readonly Relationship[], sameness: Sameness): CountsByRelation {
  const counts = countByRelation(matchRelationships(expected, [], sameness), sameness);
  const wrong = { hits: 0, predicted: 1, expected: expected.length === 0 ? 1 : 0 };
  return { ...counts, '': addCounts(counts[''] ?? NOTHING, wrong) };
}

function describeMatching({ missed, spurious, repeated }: RelationshipMatching): string {
  const unmet = Map.groupBy(missed, pairOf);
  const confused = spurious.flatMap((given) => {
    const wanted = unmet.get(pairOf(given))?.shift();
    return wanted ? [{ given, wanted }] : [];
  });
  const [takenFor, taken] = [
    new Set(confused.map(({ wanted }) => wanted)),
    new Set(confused.map(({ given }) => given)),
  ];
  const writing = ({ written }: Relationship) => written;
  return [
    enumerate(
      'wrong direction or relation',
      confused,
      ({ given, wanted }) => `${given.written} should be ${wanted.written}`,
    ),
    enumerate(
      'missed',
      missed.filter((each) => !takenFor.has(each)),
      writing,
    ),
    enumerate(
      'not in the reference',
      spurious.filter((each) => !taken.has(each)),
      writing,
    ),
    enumerate('repeated', repeated, writing),
  ]
    .filter((part) => part !== '')
    .join('; ');
}
