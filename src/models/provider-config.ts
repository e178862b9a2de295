import { z } from 'zod';
import { axProviderNames } from './ax-providers.ts';
import { DEFAULT_TRIES } from './retry.ts';

const price = z
  .strictObject({
    input: z.number().min(0).describe('US dollars for a million input tokens.'),
    output: z.number().min(0).describe('US dollars for a million output tokens.'),
  })
  .describe(
    'What the model costs; without it, and without a price known to Ax, costs are reported as unknown.',
  );

const shared = {
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable, not the key itself')
    .optional()
    .describe("Environment variable that holds the key. Default: the provider's usual one."),
  price: price.optional(),
  timeout: z
    .number()
    .gt(0)
    // fetch itself gives up after 300 s without an answer, so more could not be kept.
    .max(300)
    .optional()
    .describe('Seconds one attempt may take, 300 at most. Default 120.'),
  tries: z
    .int()
    .min(1)
    .max(20)
    .optional()
    .describe(`Attempts at one request, the first included. Default ${DEFAULT_TRIES}.`),
};

const address = z
  .url({ protocol: /^https?$/, error: 'must be an http or https address' })
  .refine((url) => !hasPassword(url), 'must not hold a name or password: name the key with apiKeyEnv');

/** A server that speaks the Chat Completions protocol, at any address. */
const openAiCompatibleSchema = z
  .strictObject({
    type: z.literal('openai-compatible').describe('The Chat Completions protocol, as most servers speak it.'),
    baseUrl: address.describe('What comes before /chat/completions, as in http://127.0.0.1:8080/v1.'),
    headers: z
      .record(z.string(), z.string())
      .optional()
      .describe('Sent with each request. Keys belong into apiKeyEnv: this file is read by everyone.'),
    ...shared,
    apiKeyEnv: shared.apiKeyEnv.describe('Environment variable that holds the key. Default: no key is sent.'),
  })
  .describe('An own address.');

/** A provider that Ax knows, under an own name, with an own key, address or price. */
const axProviderSchema = z
  .strictObject({
    type: z.enum(axProviderNames).describe('The provider, as Ax names it.'),
    baseUrl: address
      .optional()
      .describe("Address in place of the provider's own; required where there is none."),
    ...shared,
  })
  .describe('A known provider.');

/** One entry of `providers` in `promptline.yaml`. */
export const providerConfigSchema = z.discriminatedUnion('type', [openAiCompatibleSchema, axProviderSchema]);

export type OpenAiCompatibleConfig = z.output<typeof openAiCompatibleSchema>;
export type AxProviderConfig = z.output<typeof axProviderSchema>;
export type ProviderConfig = z.output<typeof providerConfigSchema>;
export type Price = z.output<typeof price>;

function hasPassword(url: string): boolean {
  return URL.canParse(url) && new URL(url).username + new URL(url).password !== '';
}
