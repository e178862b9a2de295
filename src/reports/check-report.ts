import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readJson } from '../files/read-json.ts';
import { writeWhole } from '../files/read-write.ts';
import { validate } from '../files/validate.ts';
import { markdownFence, markdownText } from './hostile.ts';
import { capped, collapsible, firstWithin, list } from './markdown/blocks.ts';
import { markdownLimit } from './markdown.ts';
import { countOf } from './numbers.ts';
import { type DiffHunk, unifiedDiff } from './prompt-diff.ts';

/** The file of a check in its folder for results. */
const fileName = 'check.json';
/** Entries and characters shown; a smaller share of them where all would be more than GitHub takes. */
const most = { errors: 40, errorText: 600, changes: 40, diffLines: 120, diffText: 20_000 };
const shares = [1, 0.5, 0.25, 0.1, 0.03];

type CheckLimits = Readonly<typeof most>;

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

/** A check as GitHub Markdown, short enough for a comment. */
export function renderCheckMarkdown(report: CheckReport): string {
  return firstWithin(
    shares.map((share) => () => withLimits(report, shrink(share))),
    markdownLimit,
  );
}

function shrink(share: number): CheckLimits {
  const scaled = (limit: number) => Math.ceil(limit * share);
  return {
    errors: scaled(most.errors),
    errorText: scaled(most.errorText),
    changes: scaled(most.changes),
    diffLines: scaled(most.diffLines),
    diffText: scaled(most.diffText),
  };
}

function withLimits(
  { prompts, examples, errors, warnings, changed = [] }: CheckReport,
  limits: CheckLimits,
): string {
  const size = `${countOf(prompts, 'prompt')} and ${countOf(examples, 'example')}`;
  const verdict =
    errors.length === 0
      ? `> [!NOTE]\n> **Valid.** ${size}, ${countOf(changed.length, 'prompt')} changed. Nothing was measured.`
      : `> [!CAUTION]\n> **${countOf(errors.length, 'error')}.** ${size}.`;
  const shownErrors = capped(errors, limits.errors, 'errors');
  const shownChanges = capped(changed, limits.changes, 'prompts');
  const parts = [
    verdict,
    list(shownErrors.shown.map((error) => describe(error, limits))),
    ...shownErrors.leftOut,
    list(warnings.slice(0, limits.errors).map((warning) => markdownText(warning, limits.errorText))),
    ...shownChanges.shown.map((change) => changeBlock(change, limits)),
    ...shownChanges.leftOut,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function describe(
  { file, line, column, message, hint }: CheckReport['errors'][number],
  { errorText }: CheckLimits,
): string {
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const text = [place === '' ? message : `${place}: ${message}`, hint].filter((part) => part !== null);
  return markdownText(text.join('. '), errorText);
}

function changeBlock(
  { id, changes, diff }: NonNullable<CheckReport['changed']>[number],
  { diffLines, diffText }: CheckLimits,
): string {
  const lines = capped(unifiedDiff(diff), diffLines, 'lines of the difference');
  const words = markdownText(changes.join(', '), 200);
  return collapsible(`${markdownText(id, 120)}: ${words} changed`, [
    ...(lines.shown.length > 0 ? [markdownFence(lines.shown.join('\n'), 'diff', diffText)] : []),
    ...lines.leftOut,
  ]);
}
