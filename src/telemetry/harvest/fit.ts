import type { Example } from '../../datasets/dataset.ts';
import { requireFit } from '../../datasets/inputs.ts';
import { PromptlineError } from '../../errors.ts';
import { parseAnswer, renderAnswer } from '../../formats/codec.ts';
import type { Prompt } from '../../prompts/prompt.ts';
import { messagePlaceholders } from '../../prompts/render.ts';

/** The fields of inputs that a family knows: those its prompts are filled from, and those its rows have. */
export function knownFields(
  prompts: readonly Prompt[],
  rows: readonly Pick<Example, 'input'>[],
): readonly string[] {
  return [
    ...new Set([
      ...prompts.flatMap(({ messages }) => messagePlaceholders(messages)),
      ...prompts.flatMap(({ output }) => (output.format === 'label' ? (output.labelsFrom ?? []) : [])),
      ...rows.flatMap(({ input }) => Object.keys(input)),
    ]),
  ];
}

/** Whether every prompt of the family can be asked with an input. */
export function canBeAsked(prompts: readonly Prompt[], input: Example['input']): boolean {
  const example = { id: 'harvested', input, expected: {}, tags: [], cluster: 'harvested' };
  return prompts.every((prompt) =>
    holds(() => requireFit(prompt)({ example, place: () => ({ file: prompt.path }) })),
  );
}

/** An answer as the reference of a row, in the shape its prompt declares; null for one that breaks the format. */
export function referenceOf(
  { output }: Prompt,
  answer: string,
  input: Example['input'],
): Example['expected'] | null {
  const { value, problems } = parseAnswer(output, answer.trim(), input);
  return problems.length === 0 ? value : null;
}

/** Whether a reference holds an answer to every prompt of the family; another one must be completed by a person. */
export function answersAll(
  prompts: readonly Prompt[],
  { input, expected }: Pick<Example, 'input' | 'expected'>,
): boolean {
  return prompts.every((prompt) =>
    holds(() => {
      const { value, problems } = parseAnswer(prompt.output, renderAnswer(prompt.output, expected), input);
      if (value === null || problems.length > 0) throw new RangeError('the reference is no answer');
    }),
  );
}

function holds(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof PromptlineError || error instanceof RangeError) return false;
    throw error;
  }
}
