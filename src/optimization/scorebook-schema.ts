import semver from 'semver';
import { z } from 'zod';
import { layouts } from '../prompts/anatomy.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'must be a sha256 digest in hex');

const value = z
  .strictObject({
    mean: z.number().nullable().describe('Over the examples; null where none has a value.'),
    interval: z
      .array(z.number())
      .length(2)
      .nullable()
      .describe('Low and high end, 95%; null where there were too few examples.'),
    n: z.int().min(0).describe('Examples with a value.'),
  })
  .describe('One measured value.');

const entry = z
  .strictObject({
    version: z
      .string()
      .refine((text) => semver.valid(text) === text, 'must be semver, as 1.2.0')
      .describe('Of the prompt.'),
    from: z.string().optional().describe('The version it was made from, where `optimize` made it.'),
    digest: digest.describe('Of what is sent: model, parameters and messages.'),
    date: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a date, as 2026-01-31')
      .describe('Of the measurement.'),
    model: z.string().describe('As provider/model.'),
    dataset: z
      .strictObject({
        path: z.string().describe('Of the file.'),
        digest: digest.describe('Of the examples.'),
        n: z.int().min(0).describe('Their number.'),
      })
      .describe('The test split it was measured on.'),
    objective: value.describe('The weighted mean of the metrics that have a weight.'),
    metrics: z.record(z.string(), value).describe('By name.'),
    choices: z
      .strictObject({
        instruction: z.string().describe('The wording; empty for none.'),
        layout: z.enum(layouts).describe('Where the instruction and the demonstrations stand.'),
        demonstrations: z.array(z.string()).describe('Ids of rows of the training split.'),
      })
      .optional()
      .describe('What the search chose; later searches begin with it.'),
  })
  .describe('One version, measured.');

/** A scorebook file: the versions of one prompt with their scores, oldest first. */
export const scorebookSchema = z.array(entry);

export type ScorebookEntry = z.output<typeof entry>;
