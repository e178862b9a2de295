import { GraphqlResponseError } from '@octokit/graphql';
import { RequestError } from '@octokit/request-error';
import { outsideError, PromptlineError } from '../../errors.ts';
import { PermissionError } from '../repository-host.ts';

/** What is asked of GitHub, for the words of a refusal. */
export type Request = {
  /** As in "GitHub refused to ...". */
  readonly doing: string;
  /** The permission of a workflow job it needs, as `pull-requests: write`. */
  readonly permission: string;
};

/** Asks GitHub; a failure becomes a PromptlineError that says what was asked and what may be missing. */
export async function asked<T>(request: Request, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw explained(error, request);
  }
}

/** The same, and null where GitHub does not know the thing. */
export async function askedFor<T>(request: Request, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (statusOf(error) === 404 || isOfEmptyRepository(error)) return null;
    throw explained(error, request);
  }
}

/** Git's objects and references are not "not found" in a repository without a commit. */
function isOfEmptyRepository(error: unknown): boolean {
  return (
    statusOf(error) === 409 && error instanceof RequestError && /repository is empty/i.test(error.message)
  );
}

/** The status GitHub answered with; null where no answer came. */
export function statusOf(error: unknown): number | null {
  return error instanceof RequestError && error.response ? error.status : null;
}

/** Whether the effect may have taken place although the request failed. */
export function mayHaveHappened(error: unknown): boolean {
  // GraphQL answers with 200 and says in the body what it refused.
  if (error instanceof GraphqlResponseError) return false;
  const status = statusOf(error);
  return status === null || status >= 500;
}

/** Whether GitHub's GraphQL refused for one of these reasons. */
function isRefusedAs(error: unknown, types: readonly string[]): boolean {
  if (!(error instanceof GraphqlResponseError)) return false;
  return (error.errors ?? []).some(({ type }) => types.includes(type));
}

function explained(error: unknown, { doing, permission }: Request): PromptlineError {
  if (error instanceof PromptlineError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const status = error instanceof GraphqlResponseError ? graphqlStatus(error) : statusOf(error);
  if (status === null) {
    return outsideError(
      `GitHub could not be asked to ${doing}: ${reason}`,
      'Run it again: it goes on where it stopped',
      error,
    );
  }
  if (status === 401)
    return outsideError(
      'GitHub does not know the token',
      'Give a valid one as the input `github-token`, or as GITHUB_TOKEN',
      error,
    );
  if (isLimit(error))
    return outsideError(
      `GitHub's rate limit stands in the way to ${doing}`,
      'Run it again when the limit has ended: it goes on where it stopped',
      error,
    );
  if (status === 403 || status === 404) {
    return new PermissionError('outside', `GitHub refused to ${doing} (${status}): ${reason}`, {
      hint: hintFor(reason, permission),
      cause: error,
    });
  }
  const hint = isOfRule(reason)
    ? "A rule of the repository forbids it: let promptline past it in the repository's settings (Rules), then run it again"
    : 'Run it again: it goes on where it stopped';
  return outsideError(`GitHub failed to ${doing} (${status}): ${reason}`, hint, error);
}

function isOfRule(reason: string): boolean {
  return /rule violations|creations being restricted/i.test(reason);
}

function hintFor(reason: string, permission: string): string {
  // A setting of the repository stands above the permissions of its jobs.
  if (/Actions is not permitted to create/i.test(reason))
    return "Allow it in the repository's settings (Actions, General, Workflow permissions), or give an App's token as `github-token`";
  if (/archived/i.test(reason))
    return 'Nobody can write to an archived repository: unarchive it in its settings';
  return `The token needs \`${permission}\`: grant it in the job's \`permissions\`, or give another token as \`github-token\``;
}

function isLimit(error: unknown): boolean {
  if (!(error instanceof RequestError)) return false;
  const headers = error.response?.headers;
  return (
    error.status === 429 ||
    headers?.['x-ratelimit-remaining'] === '0' ||
    /secondary rate/i.test(error.message)
  );
}

/** The status REST would have given. */
function graphqlStatus(error: GraphqlResponseError<unknown>): number {
  if (isRefusedAs(error, ['FORBIDDEN', 'INSUFFICIENT_SCOPES'])) return 403;
  return isRefusedAs(error, ['NOT_FOUND']) ? 404 : 422;
}
