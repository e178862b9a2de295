import { z } from 'zod';
import type { MetricDefinition } from './definition.ts';
import { ndcgAt } from './ranking-measures.ts';
import { cutoff, describeDisorder, describeMissed, retrievalMetric, retrievalOptions } from './retrieval.ts';
import { sourceText } from './source-text.ts';

const options = retrievalOptions.extend({
  source: z
    .string()
    .min(1)
    .default('question')
    .describe('The input field with the query that the answer should improve on.'),
  k: cutoff.default(10),
});

type Options = z.output<typeof options>;

export const retrievalBoost: MetricDefinition<Options> = {
  use: 'retrieval_boost',
  description:
    'How much better the answer retrieves than the question it rewrites: (1 + nDCG@k of the answer - nDCG@k of the question) / 2, in [0, 1], higher is better; 0.5 is no change. An empty or unreadable query scores 0; no value where no document is relevant.',
  options,
  create: (name, chosen, tools) =>
    retrievalMetric(
      { name, description: retrievalBoost.description, scale: 'graded' },
      chosen,
      tools,
      (found) => {
        const { corpus, example, ranking, relevance } = found;
        const before = ndcgAt(chosen.k, corpus.rank(sourceText(example, chosen.source)), relevance);
        const after = ndcgAt(chosen.k, ranking, relevance);
        const value = (1 + after - before) / 2;
        if (after === 1) return { value, feedback: '' };
        const missed = describeMissed(chosen.k, found) || describeDisorder(found);
        return { value, feedback: `${describeChange(after - before)}; ${missed}` };
      },
    ),
};

function describeChange(change: number): string {
  if (change > 0) return 'finds more than the question, but not all';
  return change < 0 ? 'finds less than the question' : 'finds no more than the question';
}
