import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readJson } from '../files/read-json.ts';
import { writeWhole } from '../files/read-write.ts';
import { validate } from '../files/validate.ts';
import { markdownFence, markdownText } from './hostile.ts';
import { capped, collapsible, list } from './markdown/blocks.ts';
import { markdownLimit } from './markdown.ts';
import { countOf } from './numbers.ts';
import { type DiffHunk, unifiedDiff } from './prompt-diff.ts';

/** The file of a check in its folder for results. */
const fileName = 'check.json';
const MOST_ERRORS = 40;
const MOST_CHANGES = 40;
const MOST_DIFF_LINES = 120;
/** Characters of one prompt's. */
const LONGEST_DIFF = 20_000;
/** Of what changed about one prompt. */
const MOST_WORDS = 20;

/** What `check` found, as `check --json` prints it and `check --out` writes it. */
export type CheckReport = {
  readonly schema: 1;
  readonly prompts: number;
  readonly examples: number;
  readonly errors: readonly {
    readonly message: string;
    readonly hint: string | null;
    readonly file?: string;
    readonly line?: number;
    readonly column?: number;
  }[];
  readonly warnings: readonly string[];
  readonly base?: { readonly ref: string; readonly commit: string };
  /** Prompts that changed since the base: what did, in words, and how their messages differ. */
  readonly changed?: readonly {
    readonly id: string;
    readonly changes: readonly string[];
    readonly diff: readonly DiffHunk[];
  }[];
};

const checkReportSchema: z.ZodType<CheckReport> = z.object({
  schema: z.literal(1),
  prompts: z.number(),
  examples: z.number(),
  errors: z.array(
    z.object({
      message: z.string(),
      hint: z.string().nullable(),
      file: z.string().exactOptional(),
      line: z.number().exactOptional(),
      column: z.number().exactOptional(),
    }),
  ),
  warnings: z.array(z.string()),
  base: z.object({ ref: z.string(), commit: z.string() }).exactOptional(),
  changed: z
    .array(
      z.object({
        id: z.string(),
        changes: z.array(z.string()),
        diff: z.array(
          z.object({
            header: z.string(),
            lines: z.array(z.object({ kind: z.enum(['same', 'added', 'removed']), text: z.string() })),
          }),
        ),
      }),
    )
    .exactOptional(),
});

/** Writes check.json into a folder. */
export function writeCheckReport(folder: string, report: CheckReport): void {
  writeWhole(path.resolve(folder, fileName), `${JSON.stringify(report, null, 2)}\n`);
}

/** Reads a folder's check.json; null where there is none. Throws inputError for one that is no check's. */
export function readCheckReport(folder: string): CheckReport | null {
  const absolute = path.resolve(folder, fileName);
  if (!existsSync(absolute)) return null;
  const place = { file: path.join(folder, fileName) };
  const value = readJson(absolute, place.file);
  return validate(checkReportSchema, value, { value: () => place, key: () => place });
}

/** A check as GitHub Markdown, at most `limit` characters. Too long a one gets shorter lists that say what they leave out. */
export function renderCheckMarkdown(check: CheckReport, limit = markdownLimit): string {
  for (const share of [1, 0.5, 0.25, 0.1, 0.05, 0.02]) {
    const text = renderShare(check, share);
    if (text.length <= limit) return text;
  }
  return renderShare(check, 0);
}

function renderShare(check: CheckReport, share: number): string {
  const { prompts, examples, errors, warnings, changed = [] } = check;
  const size = `${countOf(prompts, 'prompt')} and ${countOf(examples, 'example')}`;
  const verdict =
    errors.length === 0
      ? `> [!NOTE]\n> **Valid.** ${size}, ${countOf(changed.length, 'prompt')} changed. Nothing was measured.`
      : `> [!CAUTION]\n> **${countOf(errors.length, 'error')}.** ${size}.`;
  const shown = <T>(entries: readonly T[], most: number, noun: string) =>
    capped(entries, Math.ceil(most * share), noun, fileName);
  const shownErrors = shown(errors, MOST_ERRORS, 'errors');
  const shownWarnings = shown(warnings, MOST_ERRORS, 'warnings');
  const shownChanges = shown(changed, MOST_CHANGES, 'prompts');
  const parts = [
    verdict,
    list(shownErrors.shown.map(describe)),
    ...shownErrors.leftOut,
    list(shownWarnings.shown.map((warning) => markdownText(warning, 400))),
    ...shownWarnings.leftOut,
    ...shownChanges.shown.map((change) => changeBlock(change, share)),
    ...shownChanges.leftOut,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function describe({ file, line, column, message, hint }: CheckReport['errors'][number]): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const text = [place === '' ? message : `${place}: ${message}`, hint].filter((part) => part !== null);
  return markdownText(text.join('. '), 600);
}

function changeBlock(
  { id, changes, diff }: NonNullable<CheckReport['changed']>[number],
  share: number,
): string {
  const lines = capped(
    unifiedDiff(diff),
    Math.ceil(MOST_DIFF_LINES * share),
    'lines of the difference',
    fileName,
  );
  const words = changes.slice(0, MOST_WORDS).map((change) => markdownText(change, 120));
  const more = changes.length > MOST_WORDS ? ` and ${changes.length - MOST_WORDS} more` : '';
  return collapsible(`${markdownText(id, 120)}: ${words.join(', ')}${more} changed`, [
    ...(lines.shown.length > 0
      ? [markdownFence(lines.shown.join('\n'), 'diff', Math.ceil(LONGEST_DIFF * share))]
      : []),
    ...lines.leftOut,
  ]);
}
