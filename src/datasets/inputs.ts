import { inputError } from '../errors.ts';
import type { Dataset } from './dataset.ts';

/** Throws when a placeholder of a prompt is not text in every example: known before anything is spent. */
export function requireInputs(names: readonly string[], dataset: Dataset, promptPath: string): void {
  for (const example of dataset.examples) {
    for (const name of names) {
      const value = example.input[name];
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') continue;
      const what = value === undefined || value === null ? 'has no' : 'does not give text for';
      throw inputError(
        `example "${example.id}" of ${dataset.path} ${what} input "${name}", which the prompt uses as {{${name}}}`,
        `Its inputs: ${Object.keys(example.input).join(', ') || 'none'}`,
        { file: promptPath },
      );
    }
  }
}
