import { inputError } from '../errors.ts';
import type { Inspect } from './load.ts';

/** Refuses an example that has no text for a placeholder of a prompt: known before anything is spent. */
export function requireInputs(names: readonly string[], promptPath: string): Inspect {
  return ({ example, place }) => {
    for (const name of names) {
      const value = Object.hasOwn(example.input, name) ? example.input[name] : undefined;
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') continue;
      const what = value === undefined || value === null ? 'has no' : 'does not give text for';
      throw inputError(
        `example "${example.id}" ${what} input "${name}", which ${promptPath} uses as {{${name}}}`,
        `Its inputs: ${Object.keys(example.input).join(', ') || 'none'}`,
        place(),
      );
    }
  };
}
