import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { inputError } from '../errors.ts';
import { isSlip, nearest } from '../files/nearest.ts';
import { displayPath, resolveInside } from '../files/paths.ts';
import { readText } from '../files/read-write.ts';
import { validateYaml } from '../files/validate.ts';
import {
  locate,
  locateKey,
  parseYaml,
  refuseEmpty,
  type YamlSource,
  yamlValue,
} from '../files/yaml-source.ts';
import type { OutputFormat } from '../formats/format.ts';
import type { Message, Prompt } from './prompt.ts';
import { type PromptFile, promptFileSchema } from './schema.ts';
import { unreleased } from './version.ts';

const extensions = ['.prompt.yaml', '.prompt.yml'];

/** Every prompt file under `prompts/`, sorted by path. Refuses two files with one id. */
export function findPromptFiles(root: string): string[] {
  const folder = path.join(root, 'prompts');
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => extensions.some((extension) => name.endsWith(extension)))
    .sort()
    .map((name) => path.join(folder, name));
  const known = new Map<string, string>();
  for (const file of files) {
    const id = promptId(root, file);
    const other = known.get(id);
    if (other) {
      throw inputError(`${displayPath(root, other)} is the prompt ${id} too`, 'Keep one of the two', {
        file: displayPath(root, file),
      });
    }
    known.set(id, file);
  }
  return files;
}

/** The id of a prompt file, `<family>/<name>`: its path below `prompts/` without the extension. */
export function promptId(root: string, file: string): string {
  const relative = displayPath(path.join(root, 'prompts'), file);
  const extension = extensions.find((candidate) => relative.endsWith(candidate)) ?? '';
  return relative.slice(0, relative.length - extension.length);
}

/** Reads and checks one prompt file. `defaultModel` stands in where the file names no model. */
export function loadPrompt(root: string, file: string, defaultModel: string | undefined): Prompt {
  const shown = displayPath(root, file);
  return parsePrompt(readText(resolveInside(root, shown, { file: shown }), shown), {
    id: promptId(root, file),
    shown,
    defaultModel,
  });
}

/** A prompt from its file's text. */
export function parsePrompt(
  text: string,
  { id, shown, defaultModel }: { id: string; shown: string; defaultModel: string | undefined },
): Prompt {
  const source = parseYaml(shown, text);
  refuseEmpty(source, 'Write at least `messages:`');
  refuseMisspeltKeys(source);
  const content = validateYaml(promptFileSchema, source);
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
    version: content.version ?? unreleased,
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
  const parsed = parseObject(content.jsonSchema);
  if (!parsed) {
    throw inputError(
      'jsonSchema is not a JSON object',
      'Write the JSON Schema as JSON text in a block (|)',
      locate(source, ['jsonSchema']),
    );
  }
  // GitHub wraps the schema as {name, strict, schema}; other writers give it bare.
  const wrapped = jsonObject.safeParse(parsed['schema']);
  return { format: 'json', schema: wrapped.success ? wrapped.data : parsed };
}

const jsonObject = z.record(z.string(), z.unknown());

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return jsonObject.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Unknown fields of other tools are welcome, but one that is nearly ours is a slip of the hand. */
function refuseMisspeltKeys(source: YamlSource): void {
  const content = yamlValue(source);
  const known = Object.keys(promptFileSchema.shape);
  for (const key of Object.keys(content instanceof Object ? content : {})) {
    const guess = known.includes(key) ? undefined : nearest(key, known);
    if (guess && isSlip(key, guess)) {
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
