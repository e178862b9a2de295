import { isJsonObject } from '../formats/json-span.ts';
import type { Embedder } from './embedder.ts';
import { checkVectors } from './embedding-vectors.ts';
import { post, systemRetryTools } from './http.ts';
import { cost } from './openai-compatible.ts';
import type { Price } from './provider-config.ts';
import { errorMessage, RequestFailure } from './request-failure.ts';
import {
  DEFAULT_TIMEOUT_MS,
  DEFAULT_TRIES,
  type RetryPolicy,
  type RetryTools,
  withRetries,
} from './retry.ts';

export type OpenAiEmbedderOptions = {
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
};

/** An embedding model behind the `/embeddings` protocol of OpenAI at any address. */
export function openAiEmbedder(
  options: OpenAiEmbedderOptions,
  tools: RetryTools = systemRetryTools,
): Embedder {
  const id = `${options.provider}/${options.model}`;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const secret = options.apiKey;
  const headers = new Headers(options.headers);
  headers.set('content-type', 'application/json');
  if (secret !== undefined) headers.set('authorization', `Bearer ${secret}`);
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
    async embed(texts, signal) {
      const request = {
        headers: Object.fromEntries(headers),
        body: JSON.stringify({ model: options.model, input: texts }),
        secret,
      };
      const attempt = async (attemptSignal: AbortSignal) => {
        const body = await post(`${baseUrl}/embeddings`, { ...request, signal: attemptSignal });
        return readEmbeddings(body, texts.length, secret);
      };
      const { value, attempts } = await withRetries(attempt, policy, tools, signal);
      const { vectors, inputTokens } = value;
      const usd = inputTokens === null ? null : cost(options.price, inputTokens, 0);
      return { vectors, inputTokens: inputTokens ?? 0, usd, attempts, cached: 0 };
    },
  };
}

type EmbeddingsAnswer = { vectors: Float32Array[]; inputTokens: number | null };

/**
 * Reads the body of an answer; each vector goes to the text whose place it names. Some servers count no tokens.
 * @throws {RequestFailure} `invalid` when it is no answer to so many texts
 */
function readEmbeddings(body: string, texts: number, secret: string | undefined): EmbeddingsAnswer {
  const answer = parse(body, secret);
  const data = field(answer, 'data');
  if (!Array.isArray(data)) throw noEmbeddings(body, secret);
  const vectors: unknown[] = Array.from({ length: data.length });
  for (const item of data) {
    const index = field(item, 'index');
    if (typeof index !== 'number' || !(index in vectors)) throw noEmbeddings(body, secret);
    vectors[index] = field(item, 'embedding');
  }
  const inputTokens = field(field(answer, 'usage'), 'prompt_tokens');
  const isCounted = typeof inputTokens === 'number' && Number.isInteger(inputTokens) && inputTokens >= 0;
  return { vectors: checkVectors(vectors, texts), inputTokens: isCounted ? inputTokens : null };
}

function parse(body: string, secret: string | undefined): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    const text = errorMessage(body, secret) || 'it is empty';
    throw new RequestFailure('invalid', `the answer is not JSON: ${text}`, { cause: error });
  }
}

function field(value: unknown, key: string): unknown {
  return isJsonObject(value) ? value[key] : undefined;
}

function noEmbeddings(body: string, secret: string | undefined): RequestFailure {
  return new RequestFailure('invalid', `the answer holds no embeddings: ${errorMessage(body, secret)}`);
}
