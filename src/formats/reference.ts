import { PromptlineError } from '../errors.ts';
import { renderAnswer } from './codec.ts';
import type { OutputFormat } from './format.ts';

/** The reference answer of an example as the prompt should write it; null for one that has none (a question without an answer). */
export function referenceAnswer(
  format: OutputFormat,
  expected: Readonly<Record<string, unknown>>,
): string | null {
  try {
    return renderAnswer(format, expected);
  } catch (error) {
    if (error instanceof PromptlineError) return null;
    throw error;
  }
}
