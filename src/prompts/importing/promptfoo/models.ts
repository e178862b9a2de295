import { z } from 'zod';
import type { ModelParameters } from '../../prompt.ts';

/** What a provider of promptfoo becomes. */
export type ImportedModel =
  | {
      readonly model: string;
      readonly parameters: ModelParameters;
      /** An entry of `providers`, where the model has an own address. */
      readonly provider: { readonly name: string; readonly entry: Readonly<Record<string, unknown>> } | null;
    }
  | { readonly model: null; readonly why: string };

/** promptfoo's names of providers, and ours. */
const providerNames: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google-gemini',
  mistral: 'mistral',
  groq: 'groq',
  deepseek: 'deepseek',
  openrouter: 'openrouter',
  ollama: 'ollama',
  cohere: 'cohere',
  togetherai: 'together',
  xai: 'grok',
  fireworks: 'fireworks',
  cerebras: 'cerebras',
};

/** Words between the provider and the model that say how it is asked; promptline asks chat models. */
const ways = ['chat', 'messages', 'responses'];

const optionsSchema = z.looseObject({
  id: z.string().optional(),
  config: z
    .looseObject({
      temperature: z.number().min(0).max(2).optional(),
      top_p: z.number().gt(0).max(1).optional(),
      max_tokens: z.int().positive().optional(),
      max_completion_tokens: z.int().positive().optional(),
      stop: z.array(z.string()).optional(),
      seed: z.int().optional(),
      apiBaseUrl: z.url().optional(),
      apiKeyEnvar: z
        .string()
        .regex(/^[A-Za-z_]\w*$/)
        .optional(),
    })
    .default({}),
});

/** @param provider as an entry of `providers`: a text, `{id, config}` or `{'openai:gpt-5': {config}}` */
export function importModel(provider: unknown): ImportedModel {
  const options = optionsSchema.safeParse(normalised(provider));
  if (!options.success || options.data.id === undefined)
    return { model: null, why: 'a provider without an id that can be read' };
  const { id, config } = options.data;
  const [source = '', ...words] = id.split(':');
  const name = Object.hasOwn(providerNames, source) ? providerNames[source] : undefined;
  const model = words.slice(ways.includes(words[0] ?? '') ? 1 : 0).join(':');
  if (name === undefined || model === '')
    return { model: null, why: `the provider ${id} has no counterpart` };
  const maxTokens = config.max_tokens ?? config.max_completion_tokens;
  const parameters: ModelParameters = {
    ...(config.temperature !== undefined && { temperature: config.temperature }),
    ...(config.top_p !== undefined && { topP: config.top_p }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(config.stop && config.stop.length > 0 && { stop: config.stop.slice(0, 8) }),
    ...(config.seed !== undefined && { seed: config.seed }),
  };
  const { apiBaseUrl, apiKeyEnvar } = config;
  if (apiBaseUrl === undefined) return { model: `${name}/${model}`, parameters, provider: null };
  const apiKeyEnv = apiKeyEnvar ?? (name === 'openai' ? 'OPENAI_API_KEY' : undefined);
  const entry = {
    type: 'openai-compatible',
    baseUrl: apiBaseUrl,
    ...(apiKeyEnv !== undefined && { apiKeyEnv }),
  };
  return { model: `${name}/${model}`, parameters, provider: { name, entry } };
}

function normalised(provider: unknown): unknown {
  if (typeof provider === 'string') return { id: provider };
  if (!(provider instanceof Object) || 'id' in provider) return provider;
  const [[id, options] = []] = Object.entries(provider);
  return { id, ...(options instanceof Object && options) };
}
