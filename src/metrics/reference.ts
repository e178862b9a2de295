import type { Example } from '../datasets/dataset.ts';
import { inputError, type PromptlineError } from '../errors.ts';

/** A text in an example's `expected`. Throws an input error that names the example when there is none. */
export function expectedText(example: Example, field: string): string {
  const value = textOf(example.expected[field]);
  if (value === null) throw misfit(example, field, 'a text');
  return value;
}

/** A list in an example's `expected`. Throws an input error that names the example when there is none. */
export function expectedList(example: Example, field: string): readonly unknown[] {
  const value = example.expected[field];
  if (!Array.isArray(value)) throw misfit(example, field, 'a list');
  return value;
}

/** Every accepted text: one, or a list of them, which may be empty. Throws an input error otherwise. */
export function expectedAlternatives(example: Example, field: string): readonly string[] {
  const value = example.expected[field];
  const texts = (Array.isArray(value) ? value : [value]).map(textOf);
  if (texts.includes(null)) throw misfit(example, field, 'a text or a list of texts');
  return texts.filter((text) => text !== null);
}

/** A text as it is, a number or truth value as it is written; null for anything else. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function misfit(example: Example, field: string, wanted: string): PromptlineError {
  return inputError(
    `example ${example.id}: expected.${field} is not ${wanted}`,
    `Correct the example, or the metric's option "field"`,
  );
}
