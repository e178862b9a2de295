import { outsideError, PromptlineError } from '../errors.ts';
import { targetingKeyOf } from '../rollout/assign.ts';
import { flagKey } from '../rollout/targeting.ts';
import { type Content, pinnedPrompts } from './content.ts';
import { isVariant } from './flags.ts';
import { recordingOf } from './hooks.ts';
import { contentLoader, type LoadContent } from './load-content.ts';
import { type Assigned, byFallback, resolvedPrompt } from './resolved-prompt.ts';
import type { Catalog, CommonOptions, PromptRequest, ResolvedPrompt } from './types.ts';

/** What is needed of a client of OpenFeature's server SDK. */
export type OpenFeatureClient = {
  getObjectDetails(
    flagKey: string,
    defaultValue: Record<string, never>,
    context: { targetingKey?: string },
  ): Promise<{
    readonly value: unknown;
    readonly variant?: string;
    readonly errorMessage?: string;
    readonly flagMetadata?: Readonly<Record<string, unknown>>;
  }>;
};

export type OpenFeaturePromptsOptions = CommonOptions & {
  /** With a provider that has read the manifest, as flagd's in-process provider. */
  readonly client: OpenFeatureClient;
  /** Whole addresses, as `https://prompts.example.com/{ref}.json`. */
  readonly contents: string;
};

export type OpenFeaturePrompts<Known extends Catalog = Catalog> = {
  /**
   * The version of a prompt that OpenFeature assigns to this user, filled. The first use of a version fetches its content.
   *
   * Rejects with a PromptlineError for a prompt that is neither served nor pinned, and for a variable that is missing.
   */
  for<Id extends keyof Known & string>(id: Id, request: PromptRequest<Known[Id]>): Promise<ResolvedPrompt>;
};

/** A content that could not be had is asked for again after so long: not for every user. */
const RETRY_AFTER_MS = 30_000;

/**
 * The same prompts for applications that have OpenFeature already: its provider reads the manifest and assigns, the rest is as with
 * {@link openPrompts}. Where the assigned content cannot be had, users get the stable version, and `fallback` at last.
 *
 * @example
 * await OpenFeature.setProviderAndWait(
 *   new FlagdProvider({ resolverType: 'in-process', offlineFlagSourcePath: '/srv/prompts/flags.json' }),
 * );
 * const prompts = openFeaturePrompts({
 *   client: OpenFeature.getClient(),
 *   contents: 'file:///srv/prompts/{ref}.json',
 * });
 * const prompt = await prompts.for('query_processing/default', { user: session.userId, variables: { query } });
 */
export function openFeaturePrompts<Known extends Catalog = Catalog>(
  options: OpenFeaturePromptsOptions,
): OpenFeaturePrompts<Known> {
  const { client, fallback = [] } = options;
  const pinned = pinnedPrompts(fallback);
  const recording = recordingOf(options);
  const load = remembering(contentLoader(options, null, new AbortController().signal));

  return {
    async for(id, request) {
      const targetingKey = request.user ? targetingKeyOf(request.user) : null;
      const assigned = await assignedTo(id, targetingKey);
      return resolvedPrompt({ ...assigned, id, targetingKey }, request, recording);
    },
  };

  async function assignedTo(id: string, targetingKey: string | null) {
    try {
      return await evaluated(id, targetingKey);
    } catch (error) {
      recording.onError(known(error));
    }
    try {
      return await evaluated(id, null);
    } catch (error) {
      const own = pinned.get(id);
      if (!own) throw known(error);
      return byFallback(own);
    }
  }

  async function evaluated(
    id: string,
    targetingKey: string | null,
  ): Promise<Omit<Assigned, 'id' | 'targetingKey'>> {
    const details = await client.getObjectDetails(flagKey(id), {}, targetingKey ? { targetingKey } : {});
    const { value, variant, flagMetadata } = details;
    if (!isVariant(value))
      throw outsideError(
        `OpenFeature gives nothing for ${flagKey(id)}: ${details.errorMessage ?? 'no variant of a prompt'}`,
        'Release the prompt, or give it among `fallback`',
      );
    const generation = flagMetadata?.['generation'];
    return {
      variant: variant === 'canary' ? 'canary' : 'stable',
      reason: targetingKey === null ? 'static' : 'split',
      generation: typeof generation === 'number' ? generation : null,
      version: value.version,
      content: await load(value),
    };
  }
}

/** Asks once for each content, and after a failure not at once again. */
function remembering(load: LoadContent): LoadContent {
  const contents = new Map<string, Promise<Content>>();
  return (variant) => {
    const remembered = contents.get(variant.sha256);
    if (remembered) return remembered;
    const content = load(variant);
    contents.set(variant.sha256, content);
    content.catch(() => setTimeout(() => contents.delete(variant.sha256), RETRY_AFTER_MS).unref());
    return content;
  };
}

function known(error: unknown): PromptlineError {
  return error instanceof PromptlineError ? error : outsideError('OpenFeature failed', undefined, error);
}
