import path from 'node:path';
import { placeholders } from '../render.ts';
import { type Imported, plainName } from './imported.ts';
import { promptFileText } from './prompt-file.ts';
import { anyPlaceholders } from './template.ts';

/**
 * A prompt from a text file below `prompts/`: `prompts/summary.txt` becomes summary/default, `prompts/search/terms.md` becomes
 * search/terms. It has no data: what its answers are measured on is its author's to write.
 * @param file with forward slashes, relative to the repository
 */
export function importPlainText(file: string, text: string): Imported {
  const folders = file.split('/').slice(1, -1);
  const stem = plainName(path.posix.parse(file).name, 'prompt');
  const family = folders[0] === undefined ? stem : plainName(folders[0], 'imported');
  const name =
    folders.length > 0
      ? [...folders.slice(1).map((part) => plainName(part, 'x')), stem].join('-')
      : 'default';
  const template = anyPlaceholders(text.trim());
  const base = { file, used: [], family, rows: [], metrics: {}, models: {}, providers: {} };
  if (template.text === null) return { ...base, prompts: [], notes: [`left out: ${template.why}`] };
  const messages = [{ role: 'user' as const, content: template.text }];
  const prompt = { name, text: promptFileText({ messages }), inputs: placeholders(template.text) };
  return { ...base, prompts: [prompt], notes: template.note === null ? [] : [template.note] };
}
