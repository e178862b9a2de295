import { yamlText } from '../../files/yaml-text.ts';
import type { Message, ModelParameters } from '../prompt.ts';

type PromptFileContent = {
  readonly description?: string | undefined;
  readonly model?: string | undefined;
  readonly parameters?: ModelParameters | undefined;
  readonly messages: readonly Message[];
};

/** The first version of a prompt file whose answer is free text in the field `text`. */
export function promptFileText({ description, model, parameters, messages }: PromptFileContent): string {
  return yamlText({
    ...(description !== undefined && { description }),
    version: '1.0.0',
    ...(model !== undefined && { model }),
    ...(parameters && Object.keys(parameters).length > 0 && { modelParameters: parameters }),
    output: { format: 'text', field: 'text' },
    messages: messages.map(({ role, content }) => ({ role, content })),
  });
}
