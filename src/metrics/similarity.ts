import { z } from 'zod';
import { EMPTY_ANSWER, quoted } from '../formats/wording.ts';
import type { Embeddings } from '../models/embedder.ts';
import { cosine } from '../models/embedding-vectors.ts';
import type { Usage } from '../models/usage.ts';
import type { MetricDefinition } from './definition.ts';
import { expectedAlternatives, textOf } from './reference.ts';

const options = z.strictObject({
  field: z
    .string()
    .min(1)
    .describe('The field compared. A list in `expected` holds several reference answers.'),
  model: z
    .string()
    .regex(/^[^/]+\/.+$/, 'must be provider/model')
    .describe('The embedding model, as in openai/text-embedding-3-small.'),
});

type Options = z.output<typeof options>;

export const similarity: MetricDefinition<Options> = {
  use: 'similarity',
  description:
    'The cosine of the embeddings of the answer and the nearest reference answer, in [0, 1], higher is better; a negative one counts as 0. An empty answer, or one whose field cannot be read, scores 0; no value where there is no reference. Vectors are stored, so a repeat costs nothing.',
  options,
  create: (name, { field, model }, tools) => ({
    name,
    description: similarity.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: async ({ parsed, example }) => {
      const references = expectedAlternatives(example, field).filter((reference) => reference.trim() !== '');
      if (references.length === 0) return { value: null, feedback: '' };
      const answer = textOf(parsed.value?.[field])?.trim() ?? '';
      if (answer === '') return { value: 0, feedback: EMPTY_ANSWER };
      const embedder = await tools.embedder(model);
      const embeddings = await embedder.embed([answer, ...references]);
      const [given, ...wanted] = embeddings.vectors;
      const cosines = given ? wanted.map((vector) => cosine(given, vector)) : [];
      const best = cosines.indexOf(Math.max(...cosines));
      const value = Math.max(0, cosines[best] ?? 0);
      return {
        value,
        feedback:
          value < 1 ? `answered ${quoted(answer)}, should mean ${quoted(references[best] ?? '')}` : '',
        usage: usageOf(embeddings, references.length + 1),
      };
    },
  }),
};

/** A text embedded is a call. */
function usageOf({ inputTokens, usd, attempts, cached }: Embeddings, texts: number): Usage {
  return { calls: texts, cached, inputTokens, outputTokens: 0, usd, retries: Math.max(0, attempts - 1) };
}
