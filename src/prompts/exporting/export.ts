import type { Prompt } from '../prompt.ts';
import { messagePlaceholders } from '../render.ts';
import { promptDigest } from '../version.ts';
import { lightragModule } from './lightrag.ts';
import { promptYml } from './prompt-yml.ts';

/** A prompt and the text of its file. */
export type ExportedPrompt = { readonly prompt: Prompt; readonly source: string };

/** Files for other readers by name, and what a format has no place for. */
export type Exported = {
  readonly files: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
};

export const exportFormats = ['prompt-yml', 'text', 'json', 'lightrag'] as const;

export type ExportFormat = (typeof exportFormats)[number];

/**
 * Prompts for other readers. Names are below the folder for them; placeholders stay, to be filled when a prompt is used.
 * @throws {PromptlineError} for a prompt that a reader would send otherwise than it was measured
 */
export function exportPrompts(prompts: readonly ExportedPrompt[], format: ExportFormat): Exported {
  if (format === 'lightrag') {
    const { text, notes } = lightragModule(prompts.map(({ prompt }) => prompt));
    return { files: { 'lightrag_prompts.py': text }, notes };
  }
  const made = prompts.map((exported) => exportOne(exported, format));
  return {
    files: Object.fromEntries(made.map(({ name, text }) => [name, text])),
    notes: made.flatMap(({ notes }) => notes),
  };
}

type ExportedFile = { readonly name: string; readonly text: string; readonly notes: readonly string[] };

function exportOne({ prompt, source }: ExportedPrompt, format: 'prompt-yml' | 'text' | 'json'): ExportedFile {
  switch (format) {
    case 'prompt-yml':
      return { name: `${prompt.id}.prompt.yml`, ...promptYml(prompt, source) };
    case 'text':
      return { name: `${prompt.id}.txt`, text: messagesText(prompt), notes: [] };
    case 'json':
      return {
        name: `${prompt.id}.json`,
        text: `${JSON.stringify(promptJson(prompt), null, 2)}\n`,
        notes: [],
      };
  }
}

/** Each message under a line with its role. */
function messagesText({ messages }: Prompt): string {
  return messages.map(({ role, content }) => `[${role}]\n${content.trimEnd()}\n`).join('\n');
}

/** What is sent and how it is told from other versions; `digest` covers the model, the parameters and the messages. */
function promptJson(prompt: Prompt) {
  const { id, version, description, model, parameters, messages } = prompt;
  return {
    schema: 1,
    id,
    version,
    digest: promptDigest(prompt),
    ...(description !== undefined && { description }),
    model,
    parameters,
    inputs: messagePlaceholders(messages),
    messages,
  };
}
