import { inputError, type Location, PromptlineError } from '../errors.ts';
import { parseAnswer } from '../formats/codec.ts';
import { allowedLabels } from '../formats/label.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { messagePlaceholders } from '../prompts/render.ts';
import type { Inspect } from './load.ts';

/**
 * Refuses an example that a prompt cannot be asked with, or whose answer could not be read: known before anything is spent.
 * @throws {PromptlineError} at once, where no answer at all could be read
 */
export function requireFit({
  messages,
  output,
  path,
}: Pick<Prompt, 'messages' | 'output' | 'path'>): Inspect {
  const inputs = requireInputs(messagePlaceholders(messages), path);
  // An answer is read by the schema alone, so one shows whether it can be.
  if (output.format === 'json') placed({ file: path }, () => parseAnswer(output, '{}', {}));
  return (row) => {
    inputs(row);
    if (output.format !== 'label') return;
    placed(row.place, () => allowedLabels(output, row.example.input), `example "${row.example.id}": `);
  };
}

/** Refuses an example that has no text for a placeholder of a prompt. */
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

/** Adds the place to the error of a check that knows none. */
function placed(place: Location | (() => Location), check: () => unknown, about = ''): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    const { message, hint } = error;
    throw inputError(`${about}${message}`, hint, typeof place === 'function' ? place() : place);
  }
}
