import type { PromptlineError } from '../../errors.ts';
import { readCheckReport, renderCheckMarkdown } from '../../reports/check-report.ts';
import { titleText } from '../../reports/hostile.ts';
import { renderMarkdown } from '../../reports/markdown.ts';
import { headlineOfRun } from '../../reports/run-headline.ts';
import type { RunReport } from '../../reports/run-report.ts';
import { sectionsOf } from '../../reports/sections.ts';
import { hasReport, readReport } from '../../reports/write-reports.ts';
import { exitCodes } from '../exit-codes.ts';
import { errorAnnotations, type Places, reportAnnotations } from '../publication/annotations.ts';
import type { Outcome } from '../publication/publication.ts';

/** A run that has ended. */
export type EndedRun = {
  readonly code: number;
  readonly errors: readonly PromptlineError[];
  /** Folder of its results; null for a command without. */
  readonly out: string | null;
  /** What the command found for other steps, by the output's name. */
  readonly results: Readonly<Record<string, unknown>>;
};

/** The report a run left; null where it left none. */
export function reportOf({ out }: EndedRun): RunReport | null {
  return out !== null && hasReport(out) ? readReport(out) : null;
}

/**
 * How a run ended, for a check and a comment.
 * @param isForeign its results are a fork's: shown, and never counted as success
 */
export function outcomeOf(run: EndedRun, places: Places, isForeign: boolean): Outcome {
  const { code, errors } = run;
  const report = reportOf(run);
  const check = run.out === null ? null : readCheckReport(run.out);
  const conclusion = code !== exitCodes.fine ? 'failure' : isForeign ? 'neutral' : 'success';
  if (report) {
    const { label, finding } = headlineOfRun(report, sectionsOf(report));
    return {
      conclusion,
      title: titleText(finding === null ? label : `${label}. ${finding}`),
      markdown: foreign(renderMarkdown(report), isForeign),
      errors,
      annotations: isForeign
        ? []
        : [...reportAnnotations(report, places), ...errorAnnotations(errors, places)],
    };
  }
  if (check) {
    const count = check.errors.length;
    return {
      conclusion: count > 0 ? 'failure' : conclusion,
      title: count === 0 ? 'Valid' : `${count} error${count === 1 ? '' : 's'}`,
      markdown: foreign(renderCheckMarkdown(check), isForeign),
      errors,
      annotations: errorAnnotations(errors, places),
    };
  }
  return {
    conclusion,
    title: code === exitCodes.fine ? 'Nothing to show' : 'No result',
    markdown: null,
    errors,
    annotations: errorAnnotations(errors, places),
  };
}

function foreign(markdown: string, isForeign: boolean): string {
  return isForeign
    ? `${markdown}\n_From the fork's own job, which its author controls. Nothing of it ran with a secret._\n`
    : markdown;
}
