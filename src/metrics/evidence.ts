import { z } from 'zod';
import type { Example } from '../datasets/dataset.ts';
import { sourceText } from './source-text.ts';

/** The option that says where the evidence for an answer stands. */
export const sourceOption = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .describe(
    'The input field with the text, or list of texts, that the answer must rest on; or several such fields.',
  );

/** The texts of one or more input fields, under one another. Throws an input error that names the example where one is missing. */
export function evidenceText(example: Example, source: string | readonly string[]): string {
  return [source]
    .flat()
    .map((field) => sourceText(example, field))
    .join('\n');
}
