import { isMap, isPair, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import { inputError } from '../errors.ts';
import { parseYaml, type YamlSource, yamlValue } from '../files/yaml-source.ts';
import { messageList, type Replacement, rangeOf } from './message-list.ts';
import type { Message } from './prompt.ts';

export type VersionChange = { readonly version: string; readonly messages: readonly Message[] };

/**
 * The text of a prompt file with a new version and new messages. It is changed in these places only: comments, the
 * order of keys, fields of other tools and unchanged messages stay as they are written, to the byte. The file ends
 * with a line break.
 * @throws {PromptlineError} for a file whose anchors and aliases the change would break
 */
export function writePromptVersion(original: string, change: VersionChange): string {
  const text = original.endsWith('\n') ? original : original + newline(original);
  const source = parseYaml('prompt', text);
  const root = source.document.contents;
  const messages = isMap(root) ? pairOf(root, 'messages') : undefined;
  if (!isMap(root) || !messages) throw new RangeError('not a prompt file: it has no messages');
  const replacements = [
    replaceVersion(source, root, messages, change.version),
    replaceMessages(source, messages, change.messages),
  ];
  const changed = replacements.sort((a, b) => b.start - a.start).reduce(replace, text);
  if (!holds(changed, change)) throw shared();
  return changed;
}

function replace(text: string, { start, end, text: instead }: Replacement): string {
  return text.slice(0, start) + instead + text.slice(end);
}

function replaceVersion(source: YamlSource, root: YAMLMap, messages: Pair, version: string): Replacement {
  const { text } = source;
  const existing = pairOf(root, 'version')?.value;
  if (isScalar(existing) && existing.range) {
    const [start, end] = existing.range;
    const quote = /^["']/.exec(text.slice(start))?.[0] ?? '';
    return { start, end, text: quote + version + quote };
  }
  const start = rangeOf(messages.key)[0];
  if (root.flow) return { start, end: start, text: `version: ${version}, ` };
  const indent = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const above = root.items[0] === messages ? start : startOfComment(text, start - indent.length);
  return { start: above, end: above, text: `${indent}version: ${version}${newline(text)}` };
}

function replaceMessages(source: YamlSource, pair: Pair, messages: readonly Message[]): Replacement {
  const { text } = source;
  const { messages: old } = yamlValue(source) as { messages: Message[] };
  if (!isSeq(pair.value)) throw shared();
  return messageList({ text, list: pair.value, old, newline: newline(text) }, messages);
}

function shared(): Error {
  return inputError(
    'the messages cannot be replaced: other parts of the file share them by anchors and aliases',
    'Write the shared values out',
  );
}

/** Where the comment lines directly above a line begin. */
function startOfComment(text: string, lineStart: number): number {
  const above = text.lastIndexOf('\n', lineStart - 2) + 1;
  const isComment = lineStart > 0 && text.slice(above, lineStart).trimStart().startsWith('#');
  return isComment ? startOfComment(text, above) : lineStart;
}

/** Whether the text, read again, gives exactly what was to be written. */
function holds(text: string, { version, messages }: VersionChange): boolean {
  try {
    const read = yamlValue(parseYaml('prompt', text)) as VersionChange;
    return read.version === version && JSON.stringify(read.messages) === JSON.stringify(messages);
  } catch {
    return false;
  }
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isPair(pair) && isScalar(pair.key) && pair.key.value === key);
}

function newline(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}
