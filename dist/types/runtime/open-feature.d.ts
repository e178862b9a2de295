import type { Catalog, CommonOptions, PromptRequest, ResolvedPrompt } from './types.js';
/** What is needed of a client of OpenFeature's server SDK. */
export type OpenFeatureClient = {
    getObjectDetails(flagKey: string, defaultValue: Record<string, never>, context: {
        targetingKey?: string;
    }): Promise<{
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
export declare function openFeaturePrompts<Known extends Catalog = Catalog>(options: OpenFeaturePromptsOptions): OpenFeaturePrompts<Known>;
