import { stripVTControlCharacters } from 'node:util';

/*
 * Model output, dataset rows and error messages are written by strangers. Nothing of them may act where it is shown:
 * no mention, link, image, HTML or broken table on GitHub, no escape sequence in a terminal, no workflow command in a
 * job's log, no character that hides or reorders what a reviewer reads.
 */

/** Breaks a word for machines and not for people. Renovate and Dependabot part mentions with it too. */
const ZERO_WIDTH_SPACE = '\u200B';

const LINE_BREAKS = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;

/**
 * Text without what cannot be seen: escape sequences go, control, bidirectional and other invisible characters
 * become visible, a lone surrogate becomes a replacement character, stacks of accents that would cover other lines end
 * after four. Line breaks are `\n`. Joiners stay, scripts and
 * emoji need them. Longer texts are cut at `limit` code points and say how
 * many UTF-16 units are gone.
 */
export function visibleText(text: string, limit: number): string {
  const stripped = stripVTControlCharacters(shorten(text, limit).toWellFormed());
  return stripped
    .replace(LINE_BREAKS, '\n')
    .replaceAll('\t', '  ')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1')
    .replace(/[\p{Cc}\p{Cf}\p{Co}]|[\u115F\u1160\u3164\uFFA0]|[\u{E0100}-\u{E01EF}]/gu, showInvisible);
}

/** Any text as one inert line of GitHub Markdown, safe in a paragraph, a list, an alert and a table cell. */
export function markdownText(text: string, limit = 300): string {
  return oneLine(visibleText(text, limit))
    .replace(/[\\|<>&$]|[`*[\]~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, escapeMarkdown)
    .replace(/@(?=\w)|(?<!&)#(?=\w)|:(?=\S)|GH-(?=\d)|www(?=\.)/gi, `$&${ZERO_WIDTH_SPACE}`)
    .replace(/^(\d+)([.)])(?= |$)/, '$1\\$2')
    .replace(/^[-+=#:]/, '\\$&');
}

/**
 * A fenced block that nothing inside can close. Mentions are parted even here: a reply by e-mail quotes the block as
 * plain text, and then they notify.
 */
export function markdownFence(text: string, language: string, limit = 20_000): string {
  const content = visibleText(text, limit).replace(/@(?=\w)/g, `@${ZERO_WIDTH_SPACE}`);
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${content}\n${fence}`;
}

/** Any text as one line for a terminal or a job's log, where `::` and `##[` would begin a workflow command. */
export function terminalText(text: string, limit = 300): string {
  return withoutCommands(oneLine(visibleText(text, limit)));
}

/** Lines without what a runner would take for a command in a job's log; for Markdown of this room, whose blocks hold text as it is. */
export function withoutCommands(lines: string): string {
  return lines.replace(/:(?=:)/g, ': ').replace(/#(?=#\[)/g, '# ');
}

/** Any text as one line where GitHub reads no Markdown but mentions and references: a title, a commit's message. */
export function titleText(text: string, limit = 200): string {
  return terminalText(text, limit).replace(/@(?=\w)|#(?=\d)|GH-(?=\d)|:(?=\S)/gi, `$&${ZERO_WIDTH_SPACE}`);
}

/** Lines of {@link terminalText} as a message in Slack's own markup: its three control characters are escaped. */
export function slackText(lines: string): string {
  return lines.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Any text as the text or the quoted attribute of an HTML element; line breaks stay. */
export function htmlText(text: string, limit = 4_000): string {
  return visibleText(text, limit).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function shorten(text: string, limit: number): string {
  // A code point has one or two UTF-16 units, so this much holds all that can be kept.
  const kept = [...text.slice(0, 2 * limit)].slice(0, limit).join('');
  return kept.length === text.length ? text : `${kept}… (${text.length - kept.length} more characters)`;
}

/** Control pictures where Unicode has them, the code point elsewhere. */
function showInvisible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\n' || code === 0x200c || code === 0x200d) return character;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
}

function oneLine(text: string): string {
  return text
    .trim()
    .replace(/ *\n\s*/g, ' ⏎ ')
    .replace(/\s+/g, ' ');
}

function escapeMarkdown(character: string): string {
  if (character === '<') return '&lt;';
  if (character === '>') return '&gt;';
  if (character === '&') return '&amp;';
  // GitHub looks for formulas in the text after entities are resolved; an element between stops it.
  if (character === '$') return '<span>$</span>';
  if (character === '\\' || character === '|') return `&#${character.charCodeAt(0)};`;
  return `\\${character}`;
}
