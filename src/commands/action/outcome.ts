import type { PromptlineError } from '../../errors.ts';
import { type CheckReport, renderCheckMarkdown } from '../../reports/check-report.ts';
import { failureText } from '../../reports/comment.ts';
import { titleText } from '../../reports/hostile.ts';
import { renderMarkdown, summaryLimit } from '../../reports/markdown.ts';
import { countOf } from '../../reports/numbers.ts';
import { headlineOfRun } from '../../reports/run-headline.ts';
import type { RunReport } from '../../reports/run-report.ts';
import { sectionsOf } from '../../reports/sections.ts';
import { exitCodes } from '../exit-codes.ts';
import { errorAnnotations, type Places, reportAnnotations } from '../publication/annotations.ts';
import type { Outcome } from '../publication/publication.ts';

/** A run that has ended. Its report is what it said itself: the folder may hold another one, which a pull request brought along. */
export type EndedRun = {
  readonly code: number;
  readonly report: RunReport | null;
  readonly check: CheckReport | null;
  /** What a command without either says in Markdown. */
  readonly summary: string | null;
  readonly errors: readonly PromptlineError[];
  /** Folder of its results; null for a command without. */
  readonly out: string | null;
  /** What the command found for other steps, by the output's name. */
  readonly results: Readonly<Record<string, unknown>>;
};

/** A run for its job's summary; null where there is nothing to say. */
export function summaryOf({ report, check, summary, errors }: EndedRun, isForeign: boolean): string | null {
  if (report) return foreign(renderMarkdown(report, summaryLimit), isForeign);
  if (check) return foreign(renderCheckMarkdown(check, summaryLimit), isForeign);
  if (summary !== null) return summary.slice(0, summaryLimit);
  return errors.length === 0 ? null : `${failureText(errors)}\n`;
}

/**
 * How a run ended, for a check and a comment.
 * @param isForeign its results are a fork's: shown, never counted as success, and without lines, since its files are not here
 */
export function outcomeOf(run: EndedRun, places: Places, isForeign: boolean): Outcome {
  const { code, errors, report, check } = run;
  const conclusion = code !== exitCodes.fine ? 'failure' : isForeign ? 'neutral' : 'success';
  const lines = () => [
    ...(report ? reportAnnotations(report, places) : []),
    ...errorAnnotations(errors, places),
  ];
  const ending = { conclusion, errors, annotations: isForeign ? [] : lines() } as const;
  if (report) {
    const { label, finding } = headlineOfRun(report, sectionsOf(report));
    const title = titleText(finding === null ? label : `${label}. ${finding}`);
    return { ...ending, title, markdown: foreign(renderMarkdown(report), isForeign) };
  }
  if (check) {
    const count = check.errors.length;
    return {
      ...ending,
      conclusion: count > 0 ? 'failure' : conclusion,
      title: count === 0 ? 'Valid' : countOf(count, 'error'),
      markdown: foreign(renderCheckMarkdown(check), isForeign),
    };
  }
  return { ...ending, title: code === exitCodes.fine ? 'Nothing to show' : 'No result', markdown: null };
}

function foreign(markdown: string, isForeign: boolean): string {
  return isForeign
    ? `${markdown}\n_From the fork's own job, which its author controls. Nothing of it ran with a secret._\n`
    : markdown;
}
