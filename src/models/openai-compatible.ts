import { chatRequestBody, readChatAnswer } from './chat-completions.ts';
import { post, systemRetryTools } from './http.ts';
import type { Model } from './model.ts';
import type { Price } from './provider-config.ts';
import {
  DEFAULT_TIMEOUT_MS,
  DEFAULT_TRIES,
  type RetryPolicy,
  type RetryTools,
  withRetries,
} from './retry.ts';

export type OpenAiCompatibleOptions = {
  /** The provider's name in the configuration. */
  readonly provider: string;
  /** The model's name, as the server knows it. */
  readonly model: string;
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  /** Where the key came from, for messages. */
  readonly apiKeyEnv?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly price?: Price | undefined;
  /** Of one attempt, milliseconds. */
  readonly timeoutMs?: number | undefined;
  readonly tries?: number | undefined;
  readonly concurrency: number;
};

/**
 * A model behind the Chat Completions protocol at any address.
 *
 * A client of our own and not Ax's, because an evaluation makes thousands of calls: measured with a server
 * that answers at once, Ax costs 0.6 ms of processor time a call, of which fetch itself 0.25; the start of Ax
 * costs another 100 ms. And Ax leaves parameters out that it holds to be unsupported.
 */
export function openAiCompatible(
  options: OpenAiCompatibleOptions,
  tools: RetryTools = systemRetryTools,
): Model {
  const id = `${options.provider}/${options.model}`;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const secret = options.apiKey;
  const headers = {
    ...lowerCaseNames(options.headers ?? {}),
    'content-type': 'application/json',
    ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
  };
  const policy: RetryPolicy = {
    tries: options.tries ?? DEFAULT_TRIES,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    model: id,
    address: baseUrl,
    apiKeyEnv: options.apiKeyEnv,
  };
  return {
    id,
    identity: `${id} ${baseUrl}`,
    concurrency: options.concurrency,
    reusesPrefixes: false,
    usdOf: (inputTokens, outputTokens) => cost(options.price, inputTokens, outputTokens),
    async complete(request, signal) {
      const body = chatRequestBody(options.model, request);
      const attempt = async (attemptSignal: AbortSignal) => {
        const start = performance.now();
        const text = await post(`${baseUrl}/chat/completions`, {
          headers,
          body,
          secret,
          signal: attemptSignal,
        });
        return { ...readChatAnswer(text, secret), latencyMs: performance.now() - start };
      };
      const { value, attempts } = await withRetries(attempt, policy, tools, signal);
      return {
        ...value,
        usd: cost(options.price, value.inputTokens, value.outputTokens),
        attempts,
        cached: false,
      };
    },
    close: async () => {},
  };
}

/** Two spellings of one header would both be sent; lower case lets the later one win instead. */
function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** US dollars; null without a price. */
export function cost(price: Price | undefined, inputTokens: number, outputTokens: number): number | null {
  return price ? (inputTokens * price.input + outputTokens * price.output) / 1e6 : null;
}
