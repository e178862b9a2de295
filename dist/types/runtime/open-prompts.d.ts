import type { Catalog, Prompts, PromptsOptions } from './types.js';
/**
 * Prompts as the manifest serves them, kept up to date. Resolves when the manifest is read for the first time.
 *
 * A manifest that is broken or cannot be had changes nothing: what was served before still is, and where nothing ever was, `fallback`.
 * It rejects with a PromptlineError only when there is neither.
 *
 * @example
 * import pinned from './query.json' with { type: 'json' };
 *
 * const prompts = await openPrompts({ manifest: 'https://prompts.example.com/flags.json', fallback: [pinned] });
 * const prompt = prompts.for('query_processing/default', { user: session.userId, variables: { query } });
 * const { response } = await prompt.record(() => askModel(prompt.model, prompt.messages));
 *
 * @example <caption>Ids and variables checked by the compiler</caption>
 * const prompts = await openPrompts<{ 'query_processing/default': 'query' }>({ manifest: 'flags.json' });
 */
export declare function openPrompts<Known extends Catalog = Catalog>(options: PromptsOptions): Promise<Prompts<Known>>;
