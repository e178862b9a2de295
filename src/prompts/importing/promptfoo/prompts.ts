import path from 'node:path';
import { z } from 'zod';
import { parseYaml, yamlValue } from '../../../files/yaml-source.ts';
import type { Message } from '../../prompt.ts';
import { plainName } from '../imported.ts';
import { doubleBraces } from '../template.ts';
import { fileReference, filesNamed, type SourceFiles } from './files.ts';

/** A prompt of a configuration, or why it is left out. */
export type FoundPrompt =
  | { readonly name: string; readonly messages: readonly Message[]; readonly file: string | null }
  | { readonly name: string; readonly messages: null; readonly why: string };

const chatSchema = z
  .array(z.looseObject({ role: z.enum(['system', 'developer', 'user', 'assistant']), content: z.string() }))
  .min(1);

const entrySchema = z.union([
  z.string(),
  z.looseObject({ id: z.string().optional(), raw: z.string().optional(), label: z.string().optional() }),
]);

/** The `prompts` of a configuration: texts, files, patterns of files, each alone or with a label. */
export function findPrompts(prompts: unknown, from: string, files: SourceFiles): FoundPrompt[] {
  const entries = [prompts ?? []].flat();
  const found = entries.flatMap((entry, index): FoundPrompt[] => {
    const read = entrySchema.safeParse(entry);
    const otherwise = `prompt-${index + 1}`;
    if (!read.success) return [{ name: otherwise, messages: null, why: 'its form is not known' }];
    const { id, raw, label } = typeof read.data === 'string' ? { raw: read.data } : read.data;
    return findEntry(raw ?? id ?? '', { from, files, label, otherwise });
  });
  return withUniqueNames(found);
}

type Place = { from: string; files: SourceFiles; label: string | undefined; otherwise: string };

function findEntry(text: string, { from, files, label, otherwise }: Place): FoundPrompt[] {
  const reference = fileReference(text) ?? (/^[^\s{}]+\.[a-z0-9]+$/i.test(text) ? text : undefined);
  if (reference === undefined) return readTexts(text, { name: label ?? otherwise, file: null });
  const named = filesNamed(reference, from, files);
  if (named.length === 0)
    return [{ name: label ?? reference, messages: null, why: 'its file is not there, or is code' }];
  return named.flatMap((file) => {
    const name = label ?? path.posix.parse(file).name;
    const extension = path.posix.extname(file);
    if (['.json', '.yaml', '.yml'].includes(extension)) return [readChat(files.read(file), { name, file })];
    if (['.txt', '.md', '.j2'].includes(extension)) return readTexts(files.read(file), { name, file });
    return [
      { name, messages: null, why: `${extension} files make prompts by running, and prompts are plain text` },
    ];
  });
}

/** One text or several, parted by lines of three dashes. */
function readTexts(text: string, { name, file }: { name: string; file: string | null }): FoundPrompt[] {
  if (/^\s*\[/.test(text) && isJson(text)) return [readChat(text, { name, file })];
  const texts = text.split(/^---\s*$/m).filter((part) => part.trim() !== '');
  return texts.map((part, index) =>
    withTemplates([{ role: 'user', content: part.trim() }], {
      name: texts.length > 1 ? `${name}-${index + 1}` : name,
      file,
    }),
  );
}

function readChat(text: string, { name, file }: { name: string; file: string | null }): FoundPrompt {
  const chat = chatSchema.safeParse(yamlValue(parseYaml(file ?? name, text)));
  if (!chat.success) return { name, messages: null, why: 'it is no list of messages with a role and a text' };
  const messages = chat.data.map(({ role, content }) => ({
    role: role === 'developer' ? ('system' as const) : role,
    content,
  }));
  return withTemplates(messages, { name, file });
}

function withTemplates(
  messages: readonly Message[],
  { name, file }: { name: string; file: string | null },
): FoundPrompt {
  for (const { content } of messages) {
    const template = doubleBraces(content);
    if (template.text === null) return { name, messages: null, why: template.why };
  }
  return { name, messages, file };
}

function withUniqueNames(found: readonly FoundPrompt[]): FoundPrompt[] {
  const taken = new Set<string>();
  return found.map((prompt, index) => {
    const plain = plainName(prompt.name, `prompt-${index + 1}`);
    const name = taken.has(plain) ? `${plain}-${index + 1}` : plain;
    taken.add(name);
    return { ...prompt, name };
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
