import type { YAMLSeq } from 'yaml';
import { messageInline, messageText } from './message-text.ts';
import type { Message } from './prompt.ts';

/** A part of a text, from `start` to before `end`, and what takes its place. */
export type Replacement = { readonly start: number; readonly end: number; readonly text: string };

/** The messages as they stand in a file. */
export type WrittenMessages = {
  /** Of the whole file; it ends with a line break. */
  readonly text: string;
  readonly list: YAMLSeq;
  /** Their values, in the order of the list. */
  readonly old: readonly Message[];
  readonly newline: string;
};

/** What takes the place of a list of messages. Messages that stay are taken over as they are written. */
export function messageList(written: WrittenMessages, messages: readonly Message[]): Replacement {
  return written.list.flow ? flowList(written, messages) : blockList(written, messages);
}

function flowList({ text, list, old }: WrittenMessages, messages: readonly Message[]): Replacement {
  const kept = matchMessages(old, messages);
  const items = messages.map((message, index) => {
    const stays = kept[index];
    return stays === undefined ? messageInline(message) : text.slice(...rangeAt(list, stays));
  });
  const start = rangeAt(list, 0)[0];
  const end = rangeAt(list, list.items.length - 1)[1];
  // One message on a line stays one message on a line.
  const opening = text.slice(rangeOf(list)[0] + 1, start);
  const between = /^\s*\n\s*$/.test(opening) ? `,${opening}` : ', ';
  return { start, end, text: items.join(between) };
}

function blockList(written: WrittenMessages, messages: readonly Message[]): Replacement {
  const { text, list, old, newline } = written;
  const items = blockItems(text, list);
  const [first] = items;
  const last = items.at(-1);
  if (!first || !last) throw new RangeError('a prompt has at least one message');
  const indent = text.slice(text.lastIndexOf('\n', rangeOf(list)[0]) + 1, rangeOf(list)[0]);
  const kept = matchMessages(old, messages);
  const lastIsFree = !kept.includes(items.length - 1);
  const lines = messages.map((message, index) => {
    const item = items[kept[index] ?? -1];
    if (item) return item.lead + item.body;
    // The question is the last message in every version; its comment stays with it.
    const lead = index === messages.length - 1 && lastIsFree ? last.lead : '';
    return lead + messageText(message, indent).replaceAll('\n', newline);
  });
  return { start: first.start, end: last.end, text: lines.join('') };
}

type Item = {
  /** The comments and blank lines above; those above the first item belong to the list. */
  readonly lead: string;
  readonly body: string;
  /** Of the body. */
  readonly start: number;
  readonly end: number;
};

function blockItems(text: string, list: YAMLSeq): Item[] {
  const listStart = rangeOf(list)[0];
  const firstLine = text.lastIndexOf('\n', listStart) + 1;
  const items: Item[] = [];
  let before = firstLine;
  for (const index of list.items.keys()) {
    const [valueStart, valueEnd] = rangeAt(list, index);
    const lead = /^(?:[^\S\n]*(?:#[^\n]*)?\n)*/.exec(text.slice(before, valueStart))?.[0] ?? '';
    const start = before + lead.length;
    const end = endOfItem(text, valueEnd, listStart - firstLine);
    items.push({ lead, body: text.slice(start, end), start, end });
    before = end;
  }
  return items;
}

/** The end of the line on which an item ends, with the comment lines below that are indented deeper than its dash. */
function endOfItem(text: string, valueEnd: number, indent: number): number {
  const lineEnd = text[valueEnd - 1] === '\n' ? valueEnd : endOfLine(text, valueEnd);
  const comments = new RegExp(`^(?: {${indent + 1},}#[^\\n]*\n)*`).exec(text.slice(lineEnd));
  return lineEnd + (comments?.[0].length ?? 0);
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end + 1;
}

/** For each new message the index of an old one that is equal, each old one used once; undefined where there is none. */
function matchMessages(old: readonly Message[], messages: readonly Message[]): (number | undefined)[] {
  const used = new Set<number>();
  return messages.map(({ role, content }) => {
    const index = old.findIndex(
      (candidate, at) => !used.has(at) && candidate.role === role && candidate.content === content,
    );
    if (index < 0) return undefined;
    used.add(index);
    return index;
  });
}

function rangeAt(list: YAMLSeq, index: number): readonly [number, number] {
  return rangeOf(list.items[index]);
}

/** Offsets of a node's first character and of the one after its last. */
export function rangeOf(node: unknown): readonly [number, number] {
  const range = node instanceof Object && 'range' in node ? node.range : undefined;
  if (!Array.isArray(range)) throw new RangeError('a node of a parsed document has no range');
  return [Number(range[0]), Number(range[1])];
}
