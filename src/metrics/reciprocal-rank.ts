import type { z } from 'zod';
import type { MetricDefinition } from './definition.ts';
import { enumerate } from './feedback.ts';
import { reciprocalRank as measure } from './ranking-measures.ts';
import { describeDisorder, type Found, retrievalMetric, retrievalOptions } from './retrieval.ts';

export const reciprocalRank: MetricDefinition<z.output<typeof retrievalOptions>> = {
  use: 'reciprocal_rank',
  description:
    'One over the rank of the first relevant document that the answer finds as a search query, in [0, 1], higher is better; its mean over a dataset is the MRR. An empty or unreadable query, or one that finds no relevant document, scores 0; no value where no document is relevant.',
  options: retrievalOptions,
  create: (name, chosen, tools) =>
    retrievalMetric(
      { name, description: reciprocalRank.description, scale: 'graded' },
      chosen,
      tools,
      (found) => {
        const value = measure(found.ranking, found.relevance);
        return { value, feedback: value === 1 ? '' : describeFirst(value, found) };
      },
    ),
};

function describeFirst(value: number, found: Found): string {
  if (value === 0)
    return enumerate('shares no word with', [...found.relevance.keys()], found.corpus.describe);
  return `the first relevant document has rank ${Math.round(1 / value)}; ${describeDisorder(found)}`;
}
