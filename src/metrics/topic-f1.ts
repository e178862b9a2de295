import type { MetricDefinition } from './definition.ts';
import type { Counts } from './metric.ts';
import { precisionRecall } from './precision-recall.ts';
import { compareTopics, describeUnread, listTopics, type TopicOptions, topicOptions } from './topics.ts';

const NONE: Counts = { hits: 0, predicted: 0, expected: 0 };

export const topicF1: MetricDefinition<TopicOptions> = {
  use: 'topic_f1',
  description:
    'F1 of the topics, in [0, 1], higher is better: like topic_coverage, but topics that nobody expected cost as much as missing ones. An empty list is right where none is expected; an answer without a readable list scores 0.',
  options: topicOptions,
  create: (name, options) => ({
    name,
    description: topicF1.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => {
      const { matching, counts } = compareTopics(input, options);
      const feedback = matching
        ? [listTopics('missing', matching.missed), listTopics('not in the reference', matching.spurious)]
            .filter((part) => part !== '')
            .join('; ')
        : describeUnread(options);
      return { value: f1Of(counts), counts: { '': counts }, feedback };
    },
    pool: ({ '': counts = NONE }) => f1Of(counts),
  }),
};

/** 1 where nothing was expected and nothing was predicted, as that is the right answer. */
function f1Of(counts: Counts): number {
  return counts.predicted + counts.expected === 0 ? 1 : precisionRecall(counts).f1;
}
