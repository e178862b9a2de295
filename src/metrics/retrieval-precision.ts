import type { z } from 'zod';
import type { MetricDefinition } from './definition.ts';
import { precisionAt } from './ranking-measures.ts';
import { cutoff, describeMissed, retrievalMetric, retrievalOptions } from './retrieval.ts';

// With one, every example that has a relevant document can reach 1.
const options = retrievalOptions.extend({ k: cutoff.default(1) });

type Options = z.output<typeof options>;

export const retrievalPrecision: MetricDefinition<Options> = {
  use: 'retrieval_precision',
  description:
    'Precision@k of the answer as a search query: the relevant share of the first k documents found, in [0, 1], higher is better. It divides by k, so with fewer relevant documents than k it stays below 1; an empty or unreadable query scores 0; no value where no document is relevant.',
  options,
  create: (name, chosen, tools) =>
    retrievalMetric(
      { name, description: retrievalPrecision.description, scale: chosen.k === 1 ? 'binary' : 'graded' },
      chosen,
      tools,
      (found) => {
        const value = precisionAt(chosen.k, found.ranking, found.relevance);
        const best = Math.min(chosen.k, found.relevance.size) / chosen.k;
        return { value, feedback: value === best ? '' : describeMissed(chosen.k, found) };
      },
    ),
};
