import { inputError } from '../errors.ts';
import { nearest } from '../files/nearest.ts';
import { axProviderNames, axProviders, isAxProvider } from './ax-providers.ts';
import type { Embedder } from './embedder.ts';
import { openAiEmbedder } from './openai-embedder.ts';
import type { AxProviderConfig, OpenAiCompatibleConfig, ProviderConfig } from './provider-config.ts';
import type { ModelContext } from './registry.ts';

export type EmbedderContext = Pick<ModelContext, 'providers' | 'environment'>;

/**
 * Opens an embedding model. Providers of the configuration come before built-in ones of the same name. Nothing is sent.
 * @param reference `provider/model`
 * @throws {PromptlineError} when the reference names nothing, the provider has no embeddings, or a key or address is
 * missing
 */
export async function openEmbedder(reference: string, context: EmbedderContext): Promise<Embedder> {
  const slash = reference.indexOf('/');
  const provider = reference.slice(0, slash);
  const model = reference.slice(slash + 1);
  if (slash < 1 || model === '') {
    throw inputError(
      `"${reference}" is not an embedding model`,
      'Write provider/model, as in openai/text-embedding-3-small',
    );
  }
  const config = Object.hasOwn(context.providers, provider) ? context.providers[provider] : undefined;
  if (config?.type === 'openai-compatible') return openCompatible(provider, model, config, context);
  if (config) return openAx(provider, model, config, context);
  if (isAxProvider(provider)) return openAx(provider, model, { type: provider }, context);
  throw unknownProvider(provider, Object.keys(context.providers));
}

function openCompatible(
  provider: string,
  model: string,
  config: OpenAiCompatibleConfig,
  { environment }: EmbedderContext,
): Embedder {
  const { apiKeyEnv } = config;
  const apiKey = apiKeyEnv === undefined ? undefined : readKey([apiKeyEnv], environment);
  if (apiKeyEnv !== undefined && apiKey === undefined) throw missingKey(provider, [apiKeyEnv]);
  return openAiEmbedder({ ...config, provider, model, timeoutMs: timeoutMs(config), apiKey });
}

async function openAx(
  provider: string,
  model: string,
  config: AxProviderConfig,
  { environment }: EmbedderContext,
): Promise<Embedder> {
  const known = axProviders[config.type];
  const names = config.apiKeyEnv === undefined ? known.apiKeyEnv : [config.apiKeyEnv];
  const apiKey = readKey(names, environment);
  if (apiKey === undefined && (known.needsKey || config.apiKeyEnv !== undefined))
    throw missingKey(provider, names);
  if (known.needsAddress && config.baseUrl === undefined) {
    throw inputError(
      `The provider ${provider} has no common address`,
      `Name yours as \`baseUrl\` under providers.${provider} in promptline.yaml`,
    );
  }
  const { axEmbedder } = await import('./ax-embedder.ts');
  return axEmbedder({
    ...config,
    provider,
    model,
    timeoutMs: timeoutMs(config),
    apiKey,
    apiKeyEnv: names[0],
  });
}

function timeoutMs({ timeout }: ProviderConfig): number | undefined {
  return timeout === undefined ? undefined : timeout * 1000;
}

/** The first key that is set; a line break at its end, as `cat` and editors leave, is not part of it. */
function readKey(names: readonly string[], environment: EmbedderContext['environment']): string | undefined {
  return names.map((name) => environment[name]?.trim()).find((key) => key);
}

function missingKey(provider: string, names: readonly string[]) {
  return inputError(
    `The provider ${provider} needs a key for embeddings, and ${names.join(' or ')} is not set`,
    `Set ${names[0]} in the environment`,
  );
}

function unknownProvider(provider: string, configured: readonly string[]) {
  const guess = nearest(provider, [...configured, ...axProviderNames]);
  return inputError(
    `There is no provider "${provider}" of embeddings`,
    `${guess ? `Did you mean "${guess}"? ` : ''}For an own address write in promptline.yaml: ` +
      `providers: { NAME: { type: openai-compatible, baseUrl: "http://127.0.0.1:8080/v1" } }`,
  );
}
