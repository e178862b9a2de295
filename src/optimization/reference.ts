import type { Example } from '../datasets/dataset.ts';
import { PromptlineError } from '../errors.ts';
import { renderAnswer } from '../formats/codec.ts';
import type { OutputFormat } from '../formats/format.ts';

/** The reference answer of an example as the prompt should write it; null for one that has none (a question without an answer). */
export function referenceAnswer(format: OutputFormat, example: Example): string | null {
  try {
    return renderAnswer(format, example.expected);
  } catch (error) {
    if (error instanceof PromptlineError) return null;
    throw error;
  }
}
