import type { Example } from '../datasets/dataset.ts';
import { inputError } from '../errors.ts';
import { textOf } from './reference.ts';

/**
 * The text of an input field that an answer is compared with: a text, or a list of texts (sentences, passages), one
 * to a line. Throws an input error that names the example when there is none.
 */
export function sourceText(example: Example, field: string): string {
  const value = example.input[field];
  const texts = (Array.isArray(value) ? value : [value]).map(textOf);
  if (!texts.includes(null)) return texts.join('\n');
  throw inputError(
    `example ${example.id}: input.${field} is not a text or a list of texts`,
    `Name the input field that holds the text in the metric's option "source"`,
  );
}
