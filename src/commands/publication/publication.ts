import type { PromptlineError } from '../../errors.ts';
import type { Annotation, Check, RepositoryHost } from '../../host/repository-host.ts';
import {
  type CommentSource,
  failedComment,
  failureText,
  resultComment,
  runningComment,
  sourceLine,
} from '../../reports/comment.ts';
import type { Attempts } from './attempts.ts';

/** Where a run is shown. */
export type Surface = {
  readonly host: RepositoryHost;
  readonly commit: string;
  /** Pull requests that get the comment. */
  readonly pullRequests: readonly number[];
  /** The check's name. */
  readonly name: string;
  /** First line of the comment, by which it is found again. */
  readonly marker: string;
  readonly runUrl: string | null;
};

/** How a run ended, as people see it. */
export type Outcome = {
  readonly conclusion: 'success' | 'failure' | 'neutral';
  readonly title: string;
  /** The result as Markdown; null where there is none. */
  readonly markdown: string | null;
  readonly errors: readonly PromptlineError[];
  readonly annotations: readonly Annotation[];
};

export type Publication = { end(outcome: Outcome): Promise<void> };

/** Shows a run on its pull requests: a check and one comment each, which say first that it is under way. */
export async function beginPublication(surface: Surface, attempts: Attempts): Promise<Publication> {
  const { host, commit, name, marker, pullRequests } = surface;
  const source = { commit, runUrl: surface.runUrl };
  const check = await attempts.make(() => host.beginCheck({ name, commit, title: 'Running' }));
  const begun = new Set<number>();
  for (const number of pullRequests) {
    const comment = { marker, body: runningComment(source) };
    if ((await attempts.make(() => host.putComment(number, comment))) !== null) begun.add(number);
  }
  return {
    async end(outcome) {
      if (check) await attempts.make(() => endCheck(check, outcome));
      for (const number of pullRequests) {
        const comment = {
          marker,
          body: commentOf(outcome, source),
          // A newer run may have taken the comment over: what it says is of a newer commit.
          ...(begun.has(number) && { replaces: sourceLine(source) }),
        };
        await attempts.make(() => host.putComment(number, comment));
      }
    },
  };
}

function commentOf({ markdown, errors }: Outcome, source: CommentSource): string {
  return markdown === null ? failedComment(errors, source) : resultComment(markdown, source);
}

function endCheck(
  check: Check,
  { conclusion, title, markdown, errors, annotations }: Outcome,
): Promise<void> {
  return check.end({ conclusion, title, summary: markdown ?? failureText(errors), annotations });
}
