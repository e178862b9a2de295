import type { Completion, CompletionRequest } from './model.ts';
import { errorMessage, RequestFailure } from './request-failure.ts';

/**
 * The body of a Chat Completions request. `max_tokens`, not the newer `max_completion_tokens`: local
 * servers (older vLLM, llama.cpp, LM Studio, TGI) know only the first and would ignore the limit silently.
 */
export function chatRequestBody(model: string, { messages, parameters }: CompletionRequest): string {
  const { maxTokens, temperature, topP, stop, seed } = parameters;
  return JSON.stringify({
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    max_tokens: maxTokens,
    temperature,
    top_p: topP,
    stop,
    seed,
    stream: false,
  });
}

/** What an answer of the protocol says. */
export type ChatAnswer = Pick<Completion, 'text' | 'inputTokens' | 'outputTokens' | 'finishReason'>;

/**
 * Reads the body of an answer; only the fields that are used are checked.
 * @param secret the key that was sent, taken out of any message
 * @throws {RequestFailure} `invalid` when it is no answer, `unsupported` when it counts no tokens: the
 * numbers of costs and budgets rest on the count, and a guessed one would be shown as if it were measured
 */
export function readChatAnswer(body: string, secret?: string): ChatAnswer {
  const answer = parse(body, secret);
  const choice = field(answer, 'choices', 0);
  const content = field(choice, 'message', 'content');
  // Null is the protocol's empty answer: the model spent its tokens on reasoning or was filtered.
  if (typeof content !== 'string' && content !== null) {
    throw new RequestFailure('invalid', `the answer is not a chat completion: ${errorMessage(body, secret)}`);
  }
  const inputTokens = field(answer, 'usage', 'prompt_tokens');
  const outputTokens = field(answer, 'usage', 'completion_tokens');
  if (!isCount(inputTokens) || !isCount(outputTokens)) {
    throw new RequestFailure('unsupported', 'the answer does not say how many tokens were used (`usage`)');
  }
  return {
    text: content ?? '',
    inputTokens,
    outputTokens,
    finishReason: finishReason(field(choice, 'finish_reason')),
  };
}

function parse(body: string, secret: string | undefined): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    const text = errorMessage(body, secret) || 'it is empty';
    throw new RequestFailure('invalid', `the answer is not JSON: ${text}`, { cause: error });
  }
}

function field(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => (isRecord(at) ? at[String(key)] : undefined), value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

function finishReason(value: unknown): Completion['finishReason'] {
  return value === 'stop' || value === 'length' ? value : 'other';
}
