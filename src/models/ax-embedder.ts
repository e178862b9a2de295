import type { AxAIArgs, AxAIService, AxEmbedResponse } from '@ax-llm/ax';
import { inputError } from '../errors.ts';
import { isJsonObject } from '../formats/json-span.ts';
import { type AxProviderName, axProviders } from './ax-providers.ts';
import type { Embedder, Embeddings } from './embedder.ts';
import { checkVectors } from './embedding-vectors.ts';
import { post, systemRetryTools } from './http.ts';
import { cost } from './openai-compatible.ts';
import type { OpenAiEmbedderOptions } from './openai-embedder.ts';
import { providerText, RequestFailure } from './request-failure.ts';
import {
  DEFAULT_TIMEOUT_MS,
  DEFAULT_TRIES,
  type RetryPolicy,
  type RetryTools,
  withRetries,
} from './retry.ts';

export type AxEmbedderOptions = Omit<OpenAiEmbedderOptions, 'baseUrl' | 'headers'> & {
  readonly type: AxProviderName;
  /** In place of the provider's own address. */
  readonly baseUrl?: string | undefined;
};

type Ax = typeof import('@ax-llm/ax');

/** The transports for which Ax embeds texts. */
const EMBEDDING_TRANSPORTS = ['openai-chat', 'gemini-generate-content'];

/**
 * An embedding model of a provider that Ax knows. Ax translates requests and answers; sending, timeouts, retries and
 * errors are ours, as in `axModel`.
 * @throws {PromptlineError} where Ax has no embeddings for the provider
 */
export async function axEmbedder(
  options: AxEmbedderOptions,
  tools: RetryTools = systemRetryTools,
): Promise<Embedder> {
  const ax = await import('@ax-llm/ax');
  const profile = ax.axGetAIProfile(options.type);
  if (!EMBEDDING_TRANSPORTS.includes(profile.transport)) throw noEmbeddings(options);
  const id = `${options.provider}/${options.model}`;
  const address = options.baseUrl ?? profile.baseURL ?? options.type;
  const policy: RetryPolicy = {
    tries: options.tries ?? DEFAULT_TRIES,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    model: id,
    address,
    apiKeyEnv: options.apiKeyEnv ?? axProviders[options.type].apiKeyEnv[0],
  };
  return {
    id,
    identity: `${id} ${address}`,
    async embed(texts, signal) {
      const attempt = (attemptSignal: AbortSignal) =>
        embedOnce(ax, options, policy.timeoutMs, texts, attemptSignal);
      const { value, attempts } = await withRetries(attempt, policy, tools, signal);
      return { ...value, attempts, cached: 0 };
    },
  };
}

async function embedOnce(
  ax: Ax,
  options: AxEmbedderOptions,
  timeoutMs: number,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Pick<Embeddings, 'vectors' | 'inputTokens' | 'usd'>> {
  let failure: RequestFailure | undefined;
  const send: typeof globalThis.fetch = async (input, init) => {
    try {
      return await sendOnce(ax, options, String(input), init, signal);
    } catch (error) {
      if (error instanceof RequestFailure) failure = error;
      throw error;
    }
  };
  const service = createService(ax, options, send);
  let response: AxEmbedResponse;
  try {
    response = await service.embed(
      { texts, embedModel: options.model },
      // The attempt's own timeout comes first; Ax's must not cut it short.
      { retry: { maxRetries: 0 }, timeout: timeoutMs * 2 },
    );
  } catch (error) {
    if (failure) throw failure;
    const text = providerText(error instanceof Error ? error.message : String(error), options.apiKey);
    throw new RequestFailure('invalid', `the answer cannot be read: ${text}`, { cause: error });
  }
  const vectors = checkVectors(response.embeddings, texts.length);
  // Gemini does not count the tokens of embeddings.
  const inputTokens = response.modelUsage?.tokens?.promptTokens;
  if (inputTokens === undefined) return { vectors, inputTokens: 0, usd: null };
  return { vectors, inputTokens, usd: cost(options.price, inputTokens, 0) };
}

function createService(
  ax: Ax,
  { type, model, apiKey, baseUrl }: AxEmbedderOptions,
  fetch: typeof globalThis.fetch,
): AxAIService {
  // Azure builds its paths from a resource, for which an address may stand, and a deployment.
  const place =
    type === 'azure-openai' ? { resourceName: baseUrl, deploymentName: model } : { apiURL: baseUrl };
  const service = {
    name: type,
    ...(apiKey !== undefined && { apiKey }),
    ...(baseUrl !== undefined && place),
    // Some providers are not made without a model to chat with.
    config: { model, embedModel: model },
    options: { fetch, includeRequestBodyInErrors: false },
  };
  return ax.ai(service as AxAIArgs<string>);
}

/** Sends a request as Ax made it, to the configured address also for providers that ignore `apiURL`. */
async function sendOnce(
  ax: Ax,
  { type, baseUrl, apiKey }: AxEmbedderOptions,
  url: string,
  init: RequestInit | undefined,
  signal: AbortSignal,
): Promise<Response> {
  const ownAddress = ax.axGetAIProfile(type).baseURL;
  const moved = baseUrl !== undefined && ownAddress !== undefined && url.startsWith(ownAddress);
  const target = moved ? baseUrl.replace(/\/+$/, '') + url.slice(ownAddress.length) : url;
  const headers = Object.fromEntries(new Headers(init?.headers));
  const body = await new Response(init?.body ?? null).text();
  const text = await post(target, { headers, body, secret: apiKey, signal });
  return new Response(inOrder(text), { headers: { 'content-type': 'application/json' } });
}

/** Ax takes the vectors as they come; the protocol of OpenAI allows any order and numbers them. */
function inOrder(body: string): string {
  const answer: unknown = parse(body);
  if (!isJsonObject(answer) || !Array.isArray(answer['data'])) return body;
  const indexOf = (item: unknown) => (isJsonObject(item) ? Number(item['index']) : Number.NaN);
  const data = answer['data'].toSorted((a: unknown, b: unknown) => indexOf(a) - indexOf(b));
  return JSON.stringify({ ...answer, data });
}

/** Undefined for what is not JSON: Ax says so itself. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function noEmbeddings({ provider, type }: AxEmbedderOptions) {
  return inputError(
    `The provider ${provider} offers no embeddings`,
    type === 'openai-responses'
      ? 'Write openai/MODEL for its embeddings'
      : 'Name another provider, as in openai/text-embedding-3-small',
  );
}
