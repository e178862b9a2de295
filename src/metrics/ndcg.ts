import type { z } from 'zod';
import type { MetricDefinition } from './definition.ts';
import { ndcgAt } from './ranking-measures.ts';
import { cutoff, describeDisorder, describeMissed, retrievalMetric, retrievalOptions } from './retrieval.ts';

const options = retrievalOptions.extend({ k: cutoff.default(10) });

type Options = z.output<typeof options>;

export const ndcg: MetricDefinition<Options> = {
  use: 'ndcg',
  description:
    'nDCG@k of the answer as a search query: the gains of the first k documents found, each divided by log2(rank + 1), over the same sum in the best order; in [0, 1], higher is better. Relevant documents in a list gain 1 each; an empty or unreadable query scores 0; no value where no document is relevant.',
  options,
  create: (name, chosen, tools) =>
    retrievalMetric({ name, description: ndcg.description, scale: 'graded' }, chosen, tools, (found) => {
      const value = ndcgAt(chosen.k, found.ranking, found.relevance);
      if (value === 1) return { value, feedback: '' };
      return { value, feedback: describeMissed(chosen.k, found) || describeDisorder(found) };
    }),
};
