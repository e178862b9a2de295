import type { PromptlineError } from '../../errors.ts';
import {
  type Annotation,
  type Check,
  PermissionError,
  type RepositoryHost,
} from '../../host/repository-host.ts';
import {
  type CommentSource,
  failedComment,
  failureText,
  resultComment,
  runningComment,
} from '../../reports/comment.ts';

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
  readonly note: (line: string) => void;
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

/**
 * Shows a run on its pull requests: a check and one comment each, which say first that it is under way. What the token may not do is
 * noted and left out: the run itself is not the worse for it. Rejects where GitHub fails otherwise.
 */
export async function beginPublication(surface: Surface): Promise<Publication> {
  const { host, commit, name } = surface;
  const source = { commit, runUrl: surface.runUrl };
  const check = await ifPermitted(surface, () => host.beginCheck({ name, commit, title: 'Running' }));
  await comment(surface, runningComment(source));
  return {
    async end(outcome) {
      await endCheck(surface, check, outcome);
      await comment(surface, commentOf(outcome, source));
    },
  };
}

function commentOf({ markdown, errors }: Outcome, source: CommentSource): string {
  return markdown === null ? failedComment(errors, source) : resultComment(markdown, source);
}

async function endCheck(surface: Surface, check: Check | null, outcome: Outcome): Promise<void> {
  const { conclusion, title, markdown, errors, annotations } = outcome;
  const summary = markdown ?? failureText(errors);
  await ifPermitted(surface, async () => check?.end({ conclusion, title, summary, annotations }));
}

async function comment(surface: Surface, body: string): Promise<void> {
  const { host, pullRequests, marker } = surface;
  for (const number of pullRequests)
    await ifPermitted(surface, () => host.putComment(number, { marker, body }));
}

async function ifPermitted<T>({ note }: Surface, act: () => Promise<T>): Promise<T | null> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof PermissionError)) throw error;
    note(`${error.message}. ${error.hint ?? ''}`);
    return null;
  }
}
