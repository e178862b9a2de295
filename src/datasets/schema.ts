import { z } from 'zod';

const fields = z.record(z.string(), z.unknown());

export const exampleSchema = z
  .strictObject({
    id: z
      .union([z.string().min(1), z.number().transform(String)])
      .describe('Unique in the dataset; reports name it.'),
    input: fields.describe('What the placeholders of a prompt are filled from.'),
    expected: z
      .union([fields, z.string()])
      .describe('The reference answer, by field; a plain text stands for `{text: ...}`.'),
    tags: z.array(z.string()).default([]).describe('Slices that reports show.'),
    cluster: z
      .string()
      .optional()
      .describe('Examples from one source (a document, a topic) share it; statistics keep them together.'),
  })
  .describe('One example.');

const header = {
  version: z.string().optional().describe('Of the data, for people.'),
  license: z.string().optional().describe('SPDX licence of the data.'),
  description: z.string().optional().describe('What the examples are, in one line.'),
};

export const datasetFileSchema = z.union([
  z.strictObject({ ...header, examples: z.array(exampleSchema).describe('The examples.') }),
  z.array(exampleSchema),
]);

/** The same for rows that may still wait for their reference answer. */
export const looseExampleSchema = exampleSchema.partial({ expected: true });
export const looseDatasetSchema = z.union([
  z.strictObject({ ...header, examples: z.array(looseExampleSchema) }),
  z.array(looseExampleSchema),
]);
