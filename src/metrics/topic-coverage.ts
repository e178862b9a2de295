import type { MetricDefinition } from './definition.ts';
import { averagePrecisionRecall, precisionRecall } from './precision-recall.ts';
import { compareTopics, describeUnread, listTopics, type TopicOptions, topicOptions } from './topics.ts';

export const topicCoverage: MetricDefinition<TopicOptions> = {
  use: 'topic_coverage',
  description:
    'Recall of the expected topics, in [0, 1], higher is better: the share that a predicted topic covers by at least half of the content words of both, compared by stem; each covers one. An answer without a readable list scores 0; no value where no topic is expected. Topics that nobody expected cost nothing here: see topic_f1.',
  options: topicOptions,
  create: (name, options) => ({
    name,
    description: topicCoverage.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => {
      const { matching, counts } = compareTopics(input, options);
      if (counts.expected === 0) return { value: null, feedback: '' };
      const feedback = matching ? listTopics('missing', matching.missed) : describeUnread(options);
      return { value: precisionRecall(counts).recall, counts: { '': counts }, feedback };
    },
    pool: (counts) => averagePrecisionRecall(counts, 'micro').recall,
  }),
};
