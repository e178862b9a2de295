import { z } from 'zod';
import type { Example } from '../datasets/dataset.ts';
import { inputError } from '../errors.ts';
import { isJsonObject } from '../formats/json-span.ts';
import type { MetricTools } from './definition.ts';
import { enumerate } from './feedback.ts';
import type { Metric, MetricInput, Score } from './metric.ts';
import type { Relevance } from './ranking-measures.ts';
import { textOf } from './reference.ts';
import { type Corpus, openCorpus } from './retrieval-corpus.ts';

/** The options of every metric that searches a corpus with the answer. */
export const retrievalOptions = z.strictObject({
  corpus: z
    .string()
    .min(1)
    .describe(
      'The documents searched, by BM25: the path of a JSON Lines file of `id`, `text` and, if wanted, `title`.',
    ),
  field: z
    .string()
    .min(1)
    .exactOptional()
    .describe(
      'The field of the answer that is the query: a text, or a list of texts that are joined. Default: all texts of the answer.',
    ),
  relevant: z
    .string()
    .min(1)
    .default('relevant')
    .describe(
      'The field of `expected` with the relevant documents: a list of ids, or gains by id as in `{d1: 2, d7: 1}`.',
    ),
});

type RetrievalOptions = z.output<typeof retrievalOptions>;

/** The option `k`. */
export const cutoff = z.int().min(1).describe('How many of the documents found count, from the first on.');

/** What a query found, and what it should have. `relevance` is not empty. */
export type Found = {
  readonly ranking: readonly string[];
  readonly relevance: Relevance;
  readonly corpus: Corpus;
  readonly example: Example;
};

/** A metric that scores what the answer finds as a query. Throws an input error for a corpus it cannot use. */
export function retrievalMetric(
  about: Pick<Metric, 'name' | 'description' | 'scale'>,
  options: RetrievalOptions,
  tools: MetricTools,
  score: (found: Found) => Score,
): Metric {
  const corpus = openCorpus(options.corpus, tools.readText(options.corpus));
  return {
    ...about,
    direction: 'higher',
    unit: 'ratio',
    files: [options.corpus],
    score: (input) => {
      const relevance = relevanceOf(input.example, options, corpus);
      if (relevance.size === 0) return { value: null, feedback: '' };
      const query = queryOf(input, options.field);
      if (query === null) return { value: 0, feedback: 'no query could be read from the answer' };
      return score({ ranking: corpus.rank(query), relevance, corpus, example: input.example });
    },
  };
}

/** The relevant documents that are not among the first k, and the first that stands in their place. */
export function describeMissed(k: number, { ranking, relevance, corpus }: Found): string {
  const first = ranking.slice(0, k);
  const missed = [...relevance.keys()].filter((id) => !first.includes(id));
  const wrong = first.find((id) => !relevance.has(id));
  const instead = wrong === undefined ? '' : `; found instead: ${corpus.describe(wrong)}`;
  return missed.length === 0 ? '' : enumerate(`not among the first ${k}`, missed, corpus.describe) + instead;
}

/** The first document that stands above one of greater gain. */
export function describeDisorder({ ranking, relevance, corpus }: Found): string {
  const gains = ranking.map((id) => relevance.get(id) ?? 0);
  const above = ranking.find((_, index) =>
    gains.slice(index + 1).some((later) => later > (gains[index] ?? 0)),
  );
  return above === undefined ? '' : `ranked above a more relevant document: ${corpus.describe(above)}`;
}

/** The answer's texts as one query; null when there is none. */
function queryOf({ parsed }: MetricInput, field: string | undefined): string | null {
  const values = field === undefined ? Object.values(parsed.value ?? {}) : [parsed.value?.[field]];
  const query = values
    .flat()
    .map(textOf)
    .filter((text) => text !== null)
    .join(' ');
  return query.trim() === '' ? null : query;
}

function relevanceOf(example: Example, options: RetrievalOptions, corpus: Corpus): Relevance {
  const place = `example ${example.id}: expected.${options.relevant}`;
  const gains = gainsOf(example.expected[options.relevant]);
  if (!gains) {
    const hint = 'List the ids of the relevant documents there, or give each a gain: `{d1: 2, d7: 1}`';
    throw inputError(`${place} is neither a list of ids nor a mapping from ids to gains of 0 or more`, hint);
  }
  for (const [id] of gains) {
    if (corpus.has(id)) continue;
    const hint = 'Correct the id, or add the document to the corpus';
    throw inputError(`${place} names "${id}", which is not in ${options.corpus}`, hint);
  }
  return new Map(gains.filter(([, gain]) => gain > 0));
}

function gainsOf(value: unknown): (readonly [string, number])[] | null {
  const listed = Array.isArray(value) ? value.map((id: unknown) => [textOf(id), 1] as const) : null;
  const entries = listed ?? (isJsonObject(value) ? Object.entries(value) : null);
  const gains = entries?.flatMap(([id, gain]) =>
    id !== null && typeof gain === 'number' && gain >= 0 && Number.isFinite(gain)
      ? [[id, gain] as const]
      : [],
  );
  return gains && gains.length === entries?.length ? gains : null;
}
