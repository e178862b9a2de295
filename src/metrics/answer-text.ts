import { z } from 'zod';
import type { MetricInput } from './metric.ts';
import { textOf } from './reference.ts';

/** The option that says which text of an answer is scored. */
export const textField = z
  .string()
  .min(1)
  .exactOptional()
  .describe(
    'The field of the answer with the text that is scored, or a list of texts. Default: the whole answer.',
  );

/** The text of an answer without surrounding white space, a list's one to a line; empty where there is none or it cannot be read. */
export function answerText(
  { output, parsed }: Pick<MetricInput, 'output' | 'parsed'>,
  field: string | undefined,
): string {
  if (field === undefined) return output.trim();
  const value = parsed.value?.[field];
  const texts = (Array.isArray(value) ? value : [value]).map(textOf).filter((text) => text !== null);
  return texts.join('\n').trim();
}
