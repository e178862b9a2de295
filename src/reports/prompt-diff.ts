import { structuredPatch } from 'diff';
import type { Message } from '../prompts/prompt.ts';

export type DiffLine = { readonly kind: 'same' | 'added' | 'removed'; readonly text: string };

/** A run of changed lines with the lines around it; line numbers count from 1. */
export type DiffHunk = { readonly header: string; readonly lines: readonly DiffLine[] };

const kinds: Readonly<Record<string, DiffLine['kind']>> = { '+': 'added', '-': 'removed', ' ': 'same' };

/** What changed between two prompts, line by line, each message under its role. Raw text. */
export function diffMessages(base: readonly Message[], head: readonly Message[]): readonly DiffHunk[] {
  const { hunks } = structuredPatch('base', 'head', textOf(base), textOf(head), '', '', { context: 3 });
  return hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
    header: `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    lines: lines.flatMap((line) => {
      const kind = kinds[line.charAt(0)];
      return kind ? [{ kind, text: line.slice(1) }] : [];
    }),
  }));
}

/** Unified diff of hunks, without file names. */
export function unifiedDiff(hunks: readonly DiffHunk[]): readonly string[] {
  const signs = { added: '+', removed: '-', same: ' ' };
  return hunks.flatMap(({ header, lines }) => [header, ...lines.map(({ kind, text }) => signs[kind] + text)]);
}

function textOf(messages: readonly Message[]): string {
  return messages
    .map(
      ({ role, content }) =>
        `${role}:\n${content
          .split(/\r\n|[\r\n]/)
          .map((line) => `  ${line}\n`)
          .join('')}`,
    )
    .join('');
}
