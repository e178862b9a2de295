import { z } from 'zod';
import { inputError } from '../errors.ts';
import { quoted, shortened } from '../formats/wording.ts';
import type { MetricDefinition } from './definition.ts';
import { enumerate } from './feedback.ts';
import { type Mention, mentionOf } from './mention.ts';
import { countByType, type Matching, matchMentions, type Pair, sameTokens } from './mention-matching.ts';
import type { Counts, MetricInput, Score } from './metric.ts';
import { averagePrecisionRecall } from './precision-recall.ts';
import { expectedList } from './reference.ts';

const options = z.strictObject({
  field: z
    .string()
    .min(1)
    .default('entities')
    .describe('The list of entities: texts, or items with `name` and `type`.'),
  match: z
    .enum(['name', 'name_and_type', 'partial', 'type'])
    .default('name')
    .describe(
      'What must agree: the name; name and type; `partial`, where part of a name is half a hit; `type`, where part of the name and the type are a hit. Names are compared in any case.',
    ),
  minOverlap: z
    .number()
    .gt(0)
    .max(1)
    .default(0.5)
    .describe("For `partial` and `type`: the least share of an expected name's words that must be there."),
  average: z
    .enum(['micro', 'macro'])
    .default('micro')
    .describe('Over a dataset: all entities together, or the mean over types.'),
});

type Options = z.output<typeof options>;

// A list that could not be read would leave no trace in pooled counts where nothing was expected.
const NOT_ANSWERED: Readonly<Record<string, Counts>> = { '': { hits: 0, predicted: 1, expected: 0 } };

export const entityF1: MetricDefinition<Options> = {
  use: 'entity_f1',
  description:
    'F1 of the entities found, each matched to one expected entity at most. An empty list is right where none is expected; an answer without a readable list scores 0.',
  options,
  create: (name, chosen) => ({
    name,
    description: entityF1.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => scoreEntities(input, chosen),
    pool: (counts) => pooledF1(counts, chosen.average),
  }),
};

function scoreEntities({ parsed, example }: MetricInput, { field, match, minOverlap }: Options): Score {
  const expected = expectedList(example, field).map((item) => expectedMention(item, example.id, field));
  const items = parsed.value?.[field];
  if (!Array.isArray(items)) {
    const counts =
      expected.length > 0 ? countByType({ pairs: [], missed: expected, spurious: [] }) : NOT_ANSWERED;
    return { value: 0, counts, feedback: `no list "${field}" could be read from the answer` };
  }
  const predicted = items.map((item: unknown) => mentionOf(item) ?? unnamed(item));
  const matching = matchMentions(expected, predicted, match, minOverlap);
  const counts = countByType(matching);
  return { value: pooledF1(counts, 'micro'), counts, feedback: describeMatching(matching) };
}

/** F1 over counts; 1 where nothing was expected and nothing was predicted, as that is the right answer. */
function pooledF1(counts: Readonly<Record<string, Counts>>, average: Options['average']): number {
  const nothingAtStake = Object.values(counts).every(({ predicted, expected }) => predicted + expected === 0);
  return nothingAtStake ? 1 : averagePrecisionRecall(counts, average).f1;
}

function expectedMention(item: unknown, example: string, field: string): Mention {
  const mention = mentionOf(item);
  if (mention) return mention;
  throw inputError(
    `example ${example}: an item of expected.${field} has no name`,
    'Make each item a text, or give it a "name"',
  );
}

/** A predicted item without a name matches nothing and counts against precision. */
function unnamed(item: unknown): Mention {
  return { name: JSON.stringify(item), type: '', tokens: [] };
}

function describeMatching({ pairs, missed, spurious }: Matching): string {
  const { wrongType = [], wrongName = [] } = Object.groupBy(
    pairs.filter(({ credit }) => credit < 1),
    ({ expected, predicted }) => (sameTokens(expected, predicted) ? 'wrongType' : 'wrongName'),
  );
  return [
    enumerate('missed', missed, describeMention),
    enumerate('not in the reference', spurious, describeMention),
    enumerate('wrong type', wrongType, ({ expected, predicted }) => {
      return `${describeMention(predicted)} should be ${expected.type || 'without a type'}`;
    }),
    enumerate('wrong name', wrongName, describeWrongName),
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function describeWrongName({ expected, predicted }: Pair): string {
  return `${quoted(predicted.name)} should be ${quoted(expected.name)}`;
}

function describeMention({ name, type }: Mention): string {
  const shown = shortened(name);
  return type === '' ? shown : `${shown} (${shortened(type)})`;
}
