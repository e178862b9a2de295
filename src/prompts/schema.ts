import semver from 'semver';
import { z } from 'zod';
import { outputFormatSchema } from '../formats/schema.ts';

const message = z
  .strictObject({
    role: z.enum(['system', 'user', 'assistant']).describe('Who speaks.'),
    content: z.string().describe('The text; {{name}} stands for the input `name` of an example.'),
  })
  .describe('One message. Demonstrations are plain pairs of a user and an assistant message.');

const modelParameters = z
  .strictObject({
    temperature: z.number().min(0).max(2).optional().describe('0 always takes the likeliest token.'),
    topP: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe('Nucleus sampling: the share of probability to draw from.'),
    maxTokens: z.int().positive().optional().describe('The most tokens an answer may have.'),
    stop: z.array(z.string().min(1)).max(8).optional().describe('Texts that end the answer; not part of it.'),
    seed: z.int().optional().describe('Seed of the sampling, where the model takes one.'),
  })
  .describe('How the model is asked. Part of what is measured.');

/**
 * A prompt file: a superset of GitHub's `.prompt.yml` with its field names. Unknown top-level fields are kept
 * when a version is written.
 */
export const promptFileSchema = z.looseObject({
  name: z.string().optional().describe('A display name, as in .prompt.yml; the id comes from the path.'),
  description: z.string().optional().describe('What the prompt is for, in one line.'),
  version: z
    .string()
    .refine((text) => semver.valid(text) === text, 'must be semver, as 1.2.0')
    .optional()
    .describe(
      'Semver: major for new inputs or output format, minor for wording, patch for the rest. Default 0.0.0.',
    ),
  model: z
    .string()
    .regex(/^[^/\s]+\/\S+$/, 'must be provider/model, as embedded/tinyllama-1.1b-chat or openai/gpt-5-mini')
    .optional()
    .describe('provider/model. Default: models.task of the configuration.'),
  modelParameters: modelParameters.optional(),
  responseFormat: z.enum(['text', 'json_object', 'json_schema']).optional().describe('As in .prompt.yml.'),
  jsonSchema: z.string().optional().describe('As in .prompt.yml: a JSON Schema as JSON text.'),
  output: outputFormatSchema
    .optional()
    .describe('The format of the answer: how it is read, checked, and written in demonstrations.'),
  alternatives: z
    .array(z.string().min(1))
    .optional()
    .describe('Other wordings of the system message that `optimize` may try.'),
  messages: z.array(message).min(1).describe('The whole prompt, in order.'),
  testData: z
    .unknown()
    .optional()
    .describe('As in .prompt.yml; kept, not used: datasets live in files of their own.'),
  evaluators: z
    .unknown()
    .optional()
    .describe('As in .prompt.yml; kept, not used: metrics stand in the configuration.'),
});

export type PromptFile = z.output<typeof promptFileSchema>;
