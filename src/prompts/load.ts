import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { distance } from 'fastest-levenshtein';
import { inputError } from '../errors.ts';
import { displayPath } from '../files/paths.ts';
import { readText } from '../files/read-write.ts';
import { nearest, validateYaml } from '../files/validate.ts';
import { locate, locateKey, parseYaml, type YamlSource } from '../files/yaml-source.ts';
import type { OutputFormat } from '../formats/format.ts';
import type { Message, Prompt } from './prompt.ts';
import { type PromptFile, promptFileSchema } from './schema.ts';

const extensions = ['.prompt.yaml', '.prompt.yml'];

/** Every prompt file under `prompts/`, sorted by path; ids are `<family>/<name>`. */
export function findPromptFiles(root: string): string[] {
  const folder = path.join(root, 'prompts');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => extensions.some((extension) => name.endsWith(extension)))
    .sort()
    .map((name) => path.join(folder, name));
}

/** The id of a prompt file: its path below `prompts/` without the extension. */
export function promptId(root: string, file: string): string {
  const relative = displayPath(path.join(root, 'prompts'), file);
  const extension = extensions.find((candidate) => relative.endsWith(candidate)) ?? '';
  return relative.slice(0, relative.length - extension.length);
}

/** Reads and checks one prompt file. `defaultModel` stands in where the file names no model. */
export function loadPrompt(root: string, file: string, defaultModel: string | undefined): Prompt {
  const shown = displayPath(root, file);
  return parsePrompt(readText(file, shown), { id: promptId(root, file), shown, defaultModel });
}

/** A prompt from its file's text. */
export function parsePrompt(
  text: string,
  { id, shown, defaultModel }: { id: string; shown: string; defaultModel: string | undefined },
): Prompt {
  const source = parseYaml(shown, text);
  const content = validateYaml(promptFileSchema, source);
  refuseMisspeltKeys(source, content);
  const model = content.model ?? defaultModel;
  if (!model)
    throw inputError(
      'no model',
      'Add `model: provider/model` here or models.task to promptline.yaml',
      locate(source, []),
    );
  refuseEmptyMessages(source, content.messages);
  const parameters = content.modelParameters ?? {};
  return {
    id,
    family: id.split('/')[0] ?? id,
    version: content.version ?? '0.0.0',
    description: content.description,
    model,
    parameters: Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)),
    messages: content.messages,
    output: content.output ? (content.output as OutputFormat) : githubOutput(source, content),
    alternatives: content.alternatives ?? [],
    path: shown,
  };
}

/** The output format of a `.prompt.yml` that has no `output`. */
function githubOutput(source: YamlSource, content: PromptFile): OutputFormat {
  if (content.responseFormat === undefined || content.responseFormat === 'text')
    return { format: 'text', field: 'text' };
  if (content.jsonSchema === undefined) return { format: 'json' };
  try {
    const parsed = JSON.parse(content.jsonSchema) as Record<string, unknown>;
    // GitHub wraps the schema as {name, strict, schema}; other writers give it bare.
    return { format: 'json', schema: (parsed['schema'] as Record<string, unknown> | undefined) ?? parsed };
  } catch (error) {
    throw inputError(
      `jsonSchema is not JSON (${String(error)})`,
      'Write it as JSON text',
      locate(source, ['jsonSchema']),
    );
  }
}

/** Unknown fields of other tools are welcome, but one that is nearly ours is a slip of the hand. */
function refuseMisspeltKeys(source: YamlSource, content: PromptFile): void {
  const known = Object.keys(promptFileSchema.shape);
  for (const key of Object.keys(content)) {
    if (known.includes(key)) continue;
    const guess = nearest(key, known);
    if (guess && distance(key.toLowerCase(), guess.toLowerCase()) <= 2) {
      throw inputError(`unknown key "${key}"`, `Did you mean "${guess}"?`, locateKey(source, [], key));
    }
  }
}

function refuseEmptyMessages(source: YamlSource, messages: readonly Message[]): void {
  for (const [index, message] of messages.entries()) {
    if (message.content.trim() === '') {
      throw inputError(
        `messages.${index} is empty`,
        'Write its text or remove it',
        locate(source, ['messages', index]),
      );
    }
  }
}
