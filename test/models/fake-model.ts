import type { Completion, CompletionRequest, Model } from '../../src/models/model.ts';

export function completion(fields: Partial<Completion> = {}): Completion {
  return {
    text: 'answer',
    inputTokens: 10,
    outputTokens: 2,
    usd: 0.001,
    latencyMs: 12.5,
    attempts: 1,
    finishReason: 'stop',
    cached: false,
    ...fields,
  };
}

export function request(content: string, repeat = 0): CompletionRequest {
  return { messages: [{ role: 'user', content }], parameters: { temperature: 0 }, repeat };
}

/** A model that answers by a function, and remembers what it was asked. */
export function fakeModel(
  answer: (content: string, signal?: AbortSignal) => Completion | Promise<Completion>,
  concurrency = 4,
): Model & { asked: string[] } {
  const asked: string[] = [];
  return {
    id: 'fake/model',
    identity: 'fake/model v1',
    concurrency,
    reusesPrefixes: false,
    usdOf: () => null,
    asked,
    async complete({ messages }, signal) {
      const content = messages.at(-1)?.content ?? '';
      asked.push(content);
      return answer(content, signal);
    },
    close: async () => {},
  };
}
