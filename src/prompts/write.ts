import { isMap, isScalar, isSeq, Scalar, type YAMLMap, YAMLSeq } from 'yaml';
import { parseYaml, type YamlSource } from '../files/yaml-source.ts';
import type { Message } from './prompt.ts';

/**
 * The text of a prompt file with a new version and new messages. Comments, the order of keys, fields of other
 * tools and the way unchanged messages are written all stay.
 */
export function writePromptVersion(
  text: string,
  change: { version: string; messages: readonly Message[] },
): string {
  const source = parseYaml('prompt', text);
  setVersion(source, change.version);
  setMessages(source, change.messages);
  return source.document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

function setVersion(source: YamlSource, version: string): void {
  const { document } = source;
  const existing = document.get('version', true);
  if (isScalar(existing)) {
    existing.value = version;
    return;
  }
  const root = document.contents as YAMLMap;
  const before = root.items.findIndex((pair) => isScalar(pair.key) && pair.key.value === 'messages');
  root.items.splice(Math.max(0, before), 0, document.createPair('version', version));
}

function setMessages(source: YamlSource, messages: readonly Message[]): void {
  const { document } = source;
  const old = document.get('messages', true);
  const kept = isSeq(old) ? old.items.filter(isMap) : [];
  const list = new YAMLSeq(document.schema);
  if (isSeq(old)) {
    list.comment = old.comment ?? null;
    list.commentBefore = old.commentBefore ?? null;
  }
  for (const message of messages) {
    const index = kept.findIndex(
      (node) => node.get('role') === message.role && node.get('content') === message.content,
    );
    const [same] = index >= 0 ? kept.splice(index, 1) : [];
    list.items.push(same ?? messageNode(source, message, kept));
  }
  document.set('messages', list);
}

/** A new message; it takes over the comment of the old message it stands for (same role, not kept). */
function messageNode(source: YamlSource, message: Message, kept: YAMLMap[]) {
  const node = source.document.createNode({ role: message.role, content: message.content }) as YAMLMap;
  const content = node.get('content', true);
  if (isScalar(content))
    content.type = message.content.includes('\n') ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE;
  if (message.role === 'system') {
    const old = kept.find((candidate) => candidate.get('role') === 'system');
    if (old) {
      node.comment = old.comment ?? null;
      node.commentBefore = old.commentBefore ?? null;
    }
  }
  return node;
}
