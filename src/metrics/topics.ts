import { z } from 'zod';
import type { Example } from '../datasets/dataset.ts';
import { inputError } from '../errors.ts';
import { shortened } from '../formats/wording.ts';
import { enumerate } from './feedback.ts';
import type { Counts, MetricInput } from './metric.ts';
import { expectedList } from './reference.ts';
import { matchTopics, type Topic, type TopicMatching, topicOf } from './topic-matching.ts';

/** The options of every metric of topics. */
export const topicOptions = z.strictObject({
  field: z
    .string()
    .min(1)
    .default('topics')
    .describe('The list of topics, in `expected` and in the answer: texts, or items with `name`.'),
});

export type TopicOptions = z.output<typeof topicOptions>;

/** An answer's topics against those of the example; `matching` is null where no list could be read. */
export type ComparedTopics = { readonly matching: TopicMatching | null; readonly counts: Counts };

/** Throws an input error where `expected` holds no list of topics. */
export function compareTopics({ parsed, example }: MetricInput, { field }: TopicOptions): ComparedTopics {
  const expected = expectedList(example, field).map((item) => expectedTopic(item, example, field));
  const items = parsed.value?.[field];
  if (!Array.isArray(items)) {
    // Where nothing was expected, a list that could not be read would leave no trace in pooled counts.
    const predicted = expected.length === 0 ? 1 : 0;
    return { matching: null, counts: { hits: 0, predicted, expected: expected.length } };
  }
  const predicted = items.map((item: unknown) => topicOf(item) ?? unnamed(item));
  const matching = matchTopics(expected, predicted);
  const counts = { hits: matching.covered.length, predicted: predicted.length, expected: expected.length };
  return { matching, counts };
}

/** What is said of an answer without a list. */
export function describeUnread({ field }: TopicOptions): string {
  return `no list "${field}" could be read from the answer`;
}

/** `title: a, b` for topics. */
export function listTopics(title: string, topics: readonly Topic[]): string {
  return enumerate(title, topics, ({ name }) => shortened(name));
}

function expectedTopic(item: unknown, example: Example, field: string): Topic {
  const topic = topicOf(item);
  if (topic && topic.stems.size > 0) return topic;
  throw inputError(
    `example ${example.id}: an item of expected.${field} has no words`,
    'Make each topic a text, or give it a "name"',
  );
}

/** A predicted item without a name matches nothing and counts against precision. */
function unnamed(item: unknown): Topic {
  return { name: JSON.stringify(item), stems: new Set() };
}
