import type { AxAIArgs, AxAIService, AxChatResponse } from '@ax-llm/ax';
import { type AxProviderName, axProviders } from './ax-providers.ts';
import { post, systemRetryTools } from './http.ts';
import type { Completion, CompletionRequest, Model } from './model.ts';
import { cost } from './openai-compatible.ts';
import type { Price } from './provider-config.ts';
import { providerText, RequestFailure } from './request-failure.ts';
import {
  DEFAULT_TIMEOUT_MS,
  DEFAULT_TRIES,
  type RetryPolicy,
  type RetryTools,
  withRetries,
} from './retry.ts';

export type AxModelOptions = {
  /** The provider's name in the configuration, or the type's. */
  readonly provider: string;
  readonly type: AxProviderName;
  readonly model: string;
  readonly apiKey?: string | undefined;
  readonly apiKeyEnv?: string | undefined;
  /** In place of the provider's own address. */
  readonly baseUrl?: string | undefined;
  /** Wins over the price Ax knows. */
  readonly price?: Price | undefined;
  /** Of one attempt, milliseconds. */
  readonly timeoutMs?: number | undefined;
  readonly tries?: number | undefined;
  readonly concurrency: number;
};

type Ax = typeof import('@ax-llm/ax');
type Tokens = NonNullable<NonNullable<AxChatResponse['modelUsage']>['tokens']>;

/** One request as Ax made it, sent by us. */
type Exchange = { failure: RequestFailure | undefined; answered: boolean; latencyMs: number };

/**
 * A model of a provider that Ax knows. Ax translates messages and answers; sending, timeouts, retries and
 * errors are ours, the same as for `openAiCompatible`.
 *
 * Ax leaves out, without a word, what it holds to be unsupported: `seed` everywhere, `temperature` and
 * `topP` with reasoning models, `stop` with some (grok, reka, Responses APIs). Configure the address as
 * `openai-compatible` where each parameter must be sent.
 */
export async function axModel(options: AxModelOptions, tools: RetryTools = systemRetryTools): Promise<Model> {
  const ax = await import('@ax-llm/ax');
  const id = `${options.provider}/${options.model}`;
  const address = options.baseUrl ?? ax.axGetAIProfile(options.type).baseURL ?? options.type;
  const policy: RetryPolicy = {
    tries: options.tries ?? DEFAULT_TRIES,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    model: id,
    address,
    apiKeyEnv: options.apiKeyEnv ?? axProviders[options.type].apiKeyEnv[0],
  };
  // Made once: a service takes longer than all the rest of a price.
  let pricing: AxAIService | null = null;
  const pricingService = () => (pricing ??= createService(ax, options, globalThis.fetch));
  return {
    id,
    identity: `${id} ${address}`,
    concurrency: options.concurrency,
    reusesPrefixes: false,
    usdOf: (promptTokens, completionTokens) =>
      cost(options.price, promptTokens, completionTokens) ??
      listPrice(pricingService(), {
        ai: options.type,
        model: options.model,
        tokens: { promptTokens, completionTokens, totalTokens: promptTokens + completionTokens },
      }),
    async complete(request, signal) {
      const attempt = (attemptSignal: AbortSignal) =>
        chat(ax, options, policy.timeoutMs, request, attemptSignal);
      const { value, attempts } = await withRetries(attempt, policy, tools, signal);
      return { ...value, attempts, cached: false };
    },
    close: async () => {},
  };
}

async function chat(
  ax: Ax,
  options: AxModelOptions,
  timeoutMs: number,
  request: CompletionRequest,
  signal: AbortSignal,
): Promise<Omit<Completion, 'attempts' | 'cached'>> {
  const exchange: Exchange = { failure: undefined, answered: false, latencyMs: 0 };
  // Ax takes `fetch` only when a service is made, so each request has its own: 0.13 ms.
  const service = createService(ax, options, sender(ax, options, exchange, signal));
  let response: AxChatResponse;
  try {
    response = await ask(service, options.model, request, timeoutMs);
  } catch (error) {
    throw exchange.failure ?? translationFailure(error, exchange.answered, options.apiKey);
  }
  const result = response.results?.[0];
  if (!result) throw new RequestFailure('invalid', 'the answer holds no message');
  const tokens = response.modelUsage?.tokens;
  if (!tokens) throw new RequestFailure('unsupported', 'the answer does not say how many tokens were used');
  const { inputTokens, outputTokens } = allTokens(tokens);
  return {
    text: result.content ?? '',
    inputTokens,
    outputTokens,
    usd: cost(options.price, inputTokens, outputTokens) ?? listPrice(service, response.modelUsage),
    latencyMs: exchange.latencyMs,
    finishReason:
      result.finishReason === 'stop' || result.finishReason === 'length' ? result.finishReason : 'other',
  };
}

function createService(
  ax: Ax,
  { type, model, apiKey, baseUrl }: AxModelOptions,
  fetch: typeof globalThis.fetch,
) {
  const config = { model, stream: false };
  // Switches off Ax's own default of 0: what the prompt leaves out, the provider decides. (Its types forbid an
  // explicit undefined, its code needs one.)
  Object.assign(config, { temperature: undefined });
  // Azure builds its paths from a resource, for which an address may stand, and a deployment.
  const place =
    type === 'azure-openai' ? { resourceName: baseUrl, deploymentName: model } : { apiURL: baseUrl };
  const service = {
    name: type,
    ...(apiKey !== undefined && { apiKey }),
    ...(baseUrl !== undefined && place),
    config,
    options: { fetch, includeRequestBodyInErrors: false },
  };
  return ax.ai(service as AxAIArgs<string>);
}

async function ask(
  service: AxAIService,
  model: string,
  { messages, parameters }: CompletionRequest,
  timeoutMs: number,
): Promise<AxChatResponse> {
  const { temperature, maxTokens, topP, stop } = parameters;
  const modelConfig = {
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(topP !== undefined && { topP }),
    ...(stop !== undefined && { stopSequences: [...stop] }),
  };
  const response = await service.chat(
    { model, chatPrompt: [...messages], modelConfig },
    // The attempt's own timeout comes first; Ax's must not cut it short.
    { stream: false, retry: { maxRetries: 0 }, timeout: timeoutMs * 2 },
  );
  if (response instanceof ReadableStream) throw new RequestFailure('invalid', 'the answer is a stream');
  return response;
}

/** What Ax uses to send: our `post`, whose failures are kept from Ax's translation. */
function sender(
  ax: Ax,
  { type, baseUrl, apiKey }: AxModelOptions,
  exchange: Exchange,
  signal: AbortSignal,
): typeof globalThis.fetch {
  const ownAddress = ax.axGetAIProfile(type).baseURL;
  return async (input, init) => {
    const url = String(input);
    // Some providers ignore `apiURL`.
    const moved = baseUrl !== undefined && ownAddress !== undefined && url.startsWith(ownAddress);
    const target = moved ? baseUrl.replace(/\/+$/, '') + url.slice(ownAddress.length) : url;
    const headers = Object.fromEntries(new Headers(init?.headers));
    const body = await new Response(init?.body ?? null).text();
    const start = performance.now();
    try {
      const text = await post(target, { headers, body, secret: apiKey, signal });
      exchange.latencyMs = performance.now() - start;
      exchange.answered = true;
      return new Response(text, { headers: { 'content-type': 'application/json' } });
    } catch (error) {
      if (error instanceof RequestFailure) exchange.failure = error;
      throw error;
    }
  };
}

/** Ax counts tokens of the provider's cache beside those of the prompt, and Gemini's thoughts beside those of the answer. */
function allTokens({
  promptTokens,
  completionTokens,
  cacheReadTokens = 0,
  cacheCreationTokens = 0,
  thoughtsTokens = 0,
}: Tokens): Pick<Completion, 'inputTokens' | 'outputTokens'> {
  return {
    inputTokens: promptTokens + cacheReadTokens + cacheCreationTokens,
    outputTokens: completionTokens + thoughtsTokens,
  };
}

/** An error of Ax itself: by name, because its classes are minified. */
function translationFailure(error: unknown, answered: boolean, secret: string | undefined): RequestFailure {
  const text = providerText(error instanceof Error ? error.message : String(error), secret);
  if (!answered) return new RequestFailure('refused', text, { cause: error });
  if (error instanceof Error && error.name === 'AxAIRefusalError') {
    return new RequestFailure('refused', `the model refused: ${text}`, { cause: error });
  }
  return new RequestFailure('invalid', `the answer cannot be read: ${text}`, { cause: error });
}

/** From Ax's price list; null for a model that is not on it, for which Ax says 0. */
function listPrice(service: AxAIService, usage: AxChatResponse['modelUsage']): number | null {
  return service.getEstimatedCost(usage) || null;
}
