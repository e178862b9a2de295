import type { Message } from './prompt.ts';

/**
 * A message as an item of a YAML list, with line breaks as `\n`. Content of several lines stands as a literal block
 * where that carries it to the letter, else as a quoted text, which carries everything.
 * @param indent what stands before the item's dash
 */
export function messageText({ role, content }: Message, indent: string): string {
  const value = isPlainBlock(content) ? block(content, `${indent}    `) : quoted(content);
  return `${indent}- role: ${role}\n${indent}  content: ${value}\n`;
}

/** A message within one line, for lists in brackets; it is JSON too. */
export function messageInline({ role, content }: Message): string {
  return `{ "role": "${role}", "content": ${quoted(content)} }`;
}

/**
 * Several lines, of which none is blank but for spaces and the first starts with a letter: what every YAML reader
 * reads in the same way.
 */
function isPlainBlock(content: string): boolean {
  const isPrintable =
    /^[\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u;
  return (
    content.trimEnd().includes('\n') &&
    isPrintable.test(content) &&
    /^\S/.test(content) &&
    !/^ +$/m.test(content) &&
    !content.endsWith('\n\n')
  );
}

function block(content: string, indent: string): string {
  const header = content.endsWith('\n') ? '|' : '|-';
  const lines = content.replace(/\n$/, '').split('\n');
  return [header, ...lines.map((line) => (line === '' ? '' : indent + line))].join('\n');
}

/** JSON's quoting is also YAML's; what YAML 1.1 readers take for line breaks or refuse is escaped beyond it. */
function quoted(content: string): string {
  return JSON.stringify(content).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
