import type { Completion, CompletionRequest, Model } from '../../src/models/model.ts';
import type { Message } from '../../src/prompts/prompt.ts';

/** A model in memory that answers at once by a function; its answers cost a tenth of a cent. */
export function answeringModel(
  { id, seed, concurrency }: { id: string; seed: number; concurrency: number },
  answer: (messages: readonly Message[]) => string,
): Model {
  return {
    id,
    identity: `${id} ${seed}`,
    concurrency,
    reusesPrefixes: false,
    usdOf: () => 0,
    async complete({ messages }: CompletionRequest): Promise<Completion> {
      return {
        text: answer(messages),
        inputTokens: Math.ceil(JSON.stringify(messages).length / 4),
        outputTokens: 4,
        usd: 0.001,
        latencyMs: 5,
        attempts: 1,
        finishReason: 'stop',
        cached: false,
      };
    },
    close: async () => {},
  };
}
