import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import type { ChatMessage } from './answers.ts';

/** A request, whatever the protocol it came in. */
export type Conversation = {
  model: string;
  messages: ChatMessage[];
  maxTokens: number;
  stop: readonly string[];
};

export type Answer = { text: string; finish: 'stop' | 'length'; inputTokens: number; outputTokens: number };

/** One protocol: reading requests strictly, writing answers and errors. */
export type Dialect = {
  /** @throws {ZodError} for any field that is not documented */
  read(body: unknown, headers: IncomingHttpHeaders): Conversation;
  key(headers: IncomingHttpHeaders): string | undefined;
  answer(answer: Answer, conversation: Conversation): Record<string, unknown>;
  error(message: string, code: string): Record<string, unknown>;
};

const textParts = z.array(z.strictObject({ type: z.literal('text'), text: z.string() })).min(1);
const content = z.union([z.string(), textParts]).transform((value) => joinText(value));

function joinText(value: string | z.output<typeof textParts>): string {
  return typeof value === 'string' ? value : value.map(({ text }) => text).join('');
}

/** The documented fields of POST /chat/completions that concern plain text. */
const chatRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content })).min(1),
  max_tokens: z.int().min(1).optional(),
  max_completion_tokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().gt(0).max(1).optional(),
  stop: z.union([z.string(), z.array(z.string()).min(1).max(4)]).optional(),
  seed: z.int().optional(),
  stream: z.literal(false).optional(),
  n: z.literal(1).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
  user: z.string().optional(),
});

/** The documented fields of POST /v1/messages that concern plain text. */
const messagesRequest = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().min(1),
  messages: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content })).min(1),
  system: content.optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().gt(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  stop_sequences: z.array(z.string()).optional(),
  stream: z.literal(false).optional(),
});

export const chatCompletions: Dialect = {
  read(body) {
    const request = chatRequest.parse(body);
    return {
      model: request.model,
      messages: request.messages,
      maxTokens: request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY,
      stop: [request.stop ?? []].flat(),
    };
  },
  key: (headers) => headers.authorization?.replace(/^Bearer /, ''),
  answer: ({ text, finish, inputTokens, outputTokens }, { model }) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finish }],
    usage: {
      prompt_tokens: inputTokens,
      completion_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
    },
  }),
  error: (message, code) => ({ error: { message, type: 'error', code, param: null } }),
};

export const anthropicMessages: Dialect = {
  read(body, headers) {
    z.literal('2023-06-01').parse(headers['anthropic-version']);
    const {
      model,
      messages,
      system,
      max_tokens: maxTokens,
      stop_sequences: stop,
    } = messagesRequest.parse(body);
    const first: ChatMessage[] = system === undefined ? [] : [{ role: 'system', content: system }];
    return { model, messages: [...first, ...messages], maxTokens, stop: stop ?? [] };
  },
  key: (headers) => [headers['x-api-key']].flat()[0],
  answer: ({ text, finish, inputTokens, outputTokens }, { model }) => ({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text }],
    stop_reason: finish === 'stop' ? 'end_turn' : 'max_tokens',
    stop_sequence: null,
    usage: { input_tokens: inputTokens, output_tokens: outputTokens },
  }),
  error: (message, code) => ({ type: 'error', error: { type: code, message } }),
};
