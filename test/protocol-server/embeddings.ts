import { createHash } from 'node:crypto';
import { z } from 'zod';
import { chatCompletions, type Dialect } from './dialects.ts';

const DIMENSIONS = 64;

/** The documented fields of POST /embeddings that concern plain text. */
const embeddingsRequest = z.strictObject({
  model: z.string().min(1),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2048)]),
  encoding_format: z.literal('float').optional(),
  user: z.string().optional(),
});

/** POST /embeddings: the texts arrive as the messages of a conversation. The last text comes first, as the protocol allows. */
export const embeddings: Dialect = {
  read(body) {
    const { model, input } = embeddingsRequest.parse(body);
    const messages = [input].flat().map((content) => ({ role: 'user' as const, content }));
    return { model, messages, maxTokens: Number.POSITIVE_INFINITY, stop: [] };
  },
  key: chatCompletions.key,
  answer: ({ inputTokens }, { model, messages }) => ({
    object: 'list',
    data: messages
      .map(({ content }, index) => ({ object: 'embedding', index, embedding: vectorOf(content) }))
      .reverse(),
    model,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  }),
  error: chatCompletions.error,
};

/** Each word adds 1 to a dimension that its hash names, so texts that share words are alike. */
export function vectorOf(text: string): number[] {
  const vector = Array.from({ length: DIMENSIONS }, () => 0);
  for (const word of text.toLowerCase().split(/\s+/)) {
    const at = createHash('sha256').update(word).digest().readUInt32BE(0) % DIMENSIONS;
    vector[at] = (vector[at] ?? 0) + 1;
  }
  return vector;
}
