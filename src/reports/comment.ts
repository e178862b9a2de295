import { describeError, type PromptlineError } from '../errors.ts';
import { markdownText } from './hostile.ts';
import { firstWithin, list } from './markdown/blocks.ts';
import { markdownLimit } from './markdown.ts';

/** Errors shown in a comment; the log has all. */
const MOST_ERRORS = 20;
/** Characters of each; fewer where all of them would be more than GitHub takes. */
const ERROR_LENGTHS = [600, 150];

/** What stands under a comment: the commit it speaks of and where the log is. */
export type CommentSource = { readonly commit: string; readonly runUrl: string | null };

/** While a run is under way. */
export function runningComment(source: CommentSource): string {
  return withSource('> [!NOTE]\n> **Running.** The result will stand here.', source);
}

/** A result, as Markdown of this room. */
export function resultComment(markdown: string, source: CommentSource): string {
  return withSource(markdown.trimEnd(), source);
}

/** A run that came to no result. */
export function failedComment(errors: readonly PromptlineError[], source: CommentSource): string {
  return withSource(failureText(errors), source);
}

/** Why there is no result, as Markdown. */
export function failureText(errors: readonly PromptlineError[]): string {
  return firstWithin(
    ERROR_LENGTHS.map((length) => () => failureList(errors, length)),
    markdownLimit,
  );
}

function failureList(errors: readonly PromptlineError[], length: number): string {
  const shown = errors
    .slice(0, MOST_ERRORS)
    .map(
      (error) =>
        `\`${error.kind === 'input' ? 'files' : 'outside'}\` ${markdownText(describeError(error), length)}`,
    );
  const more = errors.length > shown.length ? [`_${errors.length - shown.length} more in the log._`] : [];
  const verdict = '> [!CAUTION]\n> **No result.** The run ended with an error.';
  return [verdict, ...(shown.length > 0 ? [list(shown)] : []), ...more].join('\n\n');
}

/** The last line of each comment of a run; no other run's has it. */
export function sourceLine({ commit, runUrl }: CommentSource): string {
  const log = runUrl === null ? '' : ` · [log](${runUrl})`;
  return `<sub>promptline at ${commit.slice(0, 10)}${log}</sub>`;
}

function withSource(text: string, source: CommentSource): string {
  return `${text}\n\n${sourceLine(source)}\n`;
}
