import { closest } from 'fastest-levenshtein';
import { inputError } from '../errors.ts';
import { type AxProviderName, axProviderNames, axProviders, isAxProvider } from './ax-providers.ts';
import { COMPOSITE } from './composite/references.ts';
import type { PullProgress } from './embedded/progress.ts';
import type { Model } from './model.ts';
import type { AxProviderConfig, OpenAiCompatibleConfig, ProviderConfig } from './provider-config.ts';

export type ModelContext = {
  /** `providers` of the configuration. */
  readonly providers: Readonly<Record<string, ProviderConfig>>;
  /** Where keys are read from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder for embedded models. */
  readonly cache: string;
  readonly repositoryRoot: string;
  /** Requests at once to a remote model. */
  readonly concurrency?: number | undefined;
  /** Told while an embedded model is fetched. */
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
  /** True for a model that will not be asked: it needs no key. */
  readonly unasked?: boolean;
};

const DEFAULT_CONCURRENCY = 16;

/** Stands for the key of a model that will not be asked: Ax tells no price without one. */
const NO_KEY = 'none';

/** Models that run inside this process; a provider cannot have these names. */
const EMBEDDED = ['embedded', 'gguf'];

/**
 * Opens a model; composites are made of opened ones. Providers of the configuration come before built-in ones of the same name.
 * Nothing is sent.
 * @param reference `provider/model`
 * @throws {PromptlineError} when the reference names nothing, or a key or address is missing
 */
export async function openModel(reference: string, context: ModelContext): Promise<Model> {
  const slash = reference.indexOf('/');
  const provider = reference.slice(0, slash);
  const model = reference.slice(slash + 1);
  if (slash < 1 || model === '') {
    throw inputError(
      `"${reference}" is not a model`,
      'Write provider/model, as in embedded/tinyllama-1.1b-chat or openai/gpt-5-mini',
    );
  }
  if (isEmbedded(reference)) return openEmbeddedModel(reference, context);
  const config = Object.hasOwn(context.providers, provider) ? context.providers[provider] : undefined;
  if (config?.type === 'openai-compatible') return openCompatible(provider, model, config, context);
  if (config) return openAx(provider, model, config, context);
  if (isAxProvider(provider)) return openAx(provider, model, { type: provider }, context);
  throw unknownProvider(provider, Object.keys(context.providers));
}

/** Whether a model runs inside this process. */
export function isEmbedded(reference: string): boolean {
  return EMBEDDED.includes(reference.slice(0, reference.indexOf('/')));
}

async function openEmbeddedModel(reference: string, context: ModelContext): Promise<Model> {
  const { openEmbedded } = await import('./embedded/embedded.ts');
  const { cache, repositoryRoot, onProgress } = context;
  return openEmbedded(reference, {
    cache,
    repositoryRoot,
    autoPull: true,
    ...(onProgress && { onProgress }),
  });
}

async function openCompatible(
  provider: string,
  model: string,
  config: OpenAiCompatibleConfig,
  context: ModelContext,
): Promise<Model> {
  const { apiKeyEnv } = config;
  const apiKey = apiKeyEnv === undefined ? undefined : keyOf([apiKeyEnv], context);
  if (apiKeyEnv !== undefined && apiKey === undefined) throw missingKey(provider, [apiKeyEnv]);
  const { openAiCompatible } = await import('./openai-compatible.ts');
  return openAiCompatible({ ...config, ...common(provider, model, config, context), apiKey });
}

async function openAx(
  provider: string,
  model: string,
  config: AxProviderConfig,
  context: ModelContext,
): Promise<Model> {
  const known = axProviders[config.type];
  const names = config.apiKeyEnv === undefined ? known.apiKeyEnv : [config.apiKeyEnv];
  const apiKey = keyOf(names, context);
  if (apiKey === undefined && (known.needsKey || config.apiKeyEnv !== undefined))
    throw missingKey(provider, names);
  if (known.needsAddress && config.baseUrl === undefined) throw missingAddress(provider, config.type);
  const { axModel } = await import('./ax-provider.ts');
  return axModel({ ...config, ...common(provider, model, config, context), apiKey, apiKeyEnv: names[0] });
}

function common(provider: string, model: string, { timeout }: ProviderConfig, { concurrency }: ModelContext) {
  return {
    provider,
    model,
    timeoutMs: timeout === undefined ? undefined : timeout * 1000,
    concurrency: concurrency ?? DEFAULT_CONCURRENCY,
  };
}

/** The first key that is set; a line break at its end, as `cat` and editors leave, is not part of it. */
function keyOf(names: readonly string[], { environment, unasked = false }: ModelContext): string | undefined {
  const key = names.map((name) => environment[name]?.trim()).find((text) => text);
  return key ?? (unasked ? NO_KEY : undefined);
}

function missingKey(provider: string, names: readonly string[]) {
  return inputError(
    `The provider ${provider} needs a key, and ${names.join(' or ')} is not set`,
    `Set ${names[0]} in the environment, or try without a key: embedded/tinyllama-1.1b-chat`,
  );
}

function missingAddress(provider: string, type: AxProviderName) {
  return inputError(
    `The provider ${provider} has no common address`,
    `Name yours in promptline.yaml: providers: { ${provider}: { type: ${type}, baseUrl: "https://..." } }`,
  );
}

function unknownProvider(provider: string, configured: readonly string[]) {
  const known = [...configured, ...EMBEDDED, COMPOSITE, ...axProviderNames];
  const similar = known.find((name) => name.includes(provider) || provider.includes(name));
  return inputError(
    `There is no provider "${provider}"`,
    `Did you mean "${similar ?? closest(provider, known)}"? For an own address write in promptline.yaml: ` +
      `providers: { ${provider}: { type: openai-compatible, baseUrl: "http://127.0.0.1:8080/v1" } }`,
  );
}
