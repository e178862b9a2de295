import type { z } from 'zod';
import type { MetricDefinition } from './definition.ts';
import { recallAt } from './ranking-measures.ts';
import { cutoff, describeMissed, retrievalMetric, retrievalOptions } from './retrieval.ts';

const options = retrievalOptions.extend({ k: cutoff.default(10) });

type Options = z.output<typeof options>;

export const retrievalRecall: MetricDefinition<Options> = {
  use: 'retrieval_recall',
  description:
    'Recall@k of the answer as a search query: the share of the relevant documents that are among the first k found, in [0, 1], higher is better. An empty or unreadable query scores 0; no value where no document is relevant.',
  options,
  create: (name, chosen, tools) =>
    retrievalMetric(
      { name, description: retrievalRecall.description, scale: 'graded' },
      chosen,
      tools,
      (found) => {
        const value = recallAt(chosen.k, found.ranking, found.relevance);
        const best = Math.min(chosen.k, found.relevance.size) / found.relevance.size;
        return { value, feedback: value === best ? '' : describeMissed(chosen.k, found) };
      },
    ),
};
