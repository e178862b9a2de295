import { z } from 'zod';
import type { OutputFormat } from './format.ts';
import { isInvertible } from './item-template.ts';

const field = z
  .string()
  .min(1)
  .describe("The field of an example's `expected` that the answer is read into.");

const text = z
  .strictObject({ format: z.literal('text').describe('Free text.'), field })
  .describe('Free text, held in one field.');

const label = z
  .strictObject({
    format: z.literal('label').describe('One label.'),
    field,
    labels: z
      .array(z.string().trim().min(1))
      .min(1)
      .refine((labels) => new Set(labels).size === labels.length, 'each label once')
      .exactOptional()
      .describe('The labels to choose from, spelled as they are to be answered.'),
    labelsFrom: z
      .string()
      .min(1)
      .exactOptional()
      .describe('The input field that lists the labels of each example. Not together with `labels`.'),
  })
  .refine((format) => !(format.labels && format.labelsFrom), {
    message: 'give `labels` or `labelsFrom`, not both',
    path: ['labelsFrom'],
  })
  .describe('One label; any text on one line when no labels are declared.');

const lines = z
  .strictObject({
    format: z.literal('lines').describe('A list.'),
    field,
    item: z
      .string()
      .refine(
        isInvertible,
        'needs placeholders such as {{name}} ({{type}}), each once and with text between them',
      )
      .describe(
        "A template over an item's keys, as `{{name}} ({{type}})`; `{{.}}` is an item that is plain text.",
      ),
    separator: z
      .string()
      .min(1)
      .exactOptional()
      .describe('What stands between items. Default: a line break.'),
    none: z.string().trim().min(1).exactOptional().describe('How an empty list is written. Default: `none`.'),
  })
  .describe('A list, one item after another.');

const json = z
  .strictObject({
    format: z.literal('json').describe('A JSON object.'),
    schema: z
      .record(z.string(), z.unknown())
      .exactOptional()
      .describe('A JSON Schema (draft 2020-12) that a compliant answer follows.'),
  })
  .describe('A JSON object with the fields of `expected`.');

const tuples = z
  .strictObject({ format: z.literal('tuples').describe("LightRAG's tuples.") })
  .describe('`entity<|#|>...` and `relation<|#|>...` lines, then `<|COMPLETE|>`.');

/** The `output` of a prompt file. */
export const outputFormatSchema = z
  .discriminatedUnion('format', [text, label, lines, json, tuples])
  .describe("The shape of the prompt's answer.") satisfies z.ZodType<OutputFormat>;
