import { ApiFailure, unprocessable } from './failures.ts';
import { GitError, NO_COMMIT, type Reference } from './git.ts';
import { type GitHub, personOf } from './github.ts';
import { isPull, type PullIssue, type Repository } from './state.ts';
import type { Token } from './tokens.ts';

/** NO_COMMIT stands for a reference that was, or will be, not there. */
export type Move = { ref: string; from: string; to: string };

/**
 * Why a token may not move a reference; undefined when it may. The words are those of GitHub's rules.
 */
export function refusalOf(
  repository: Repository,
  token: Token | undefined,
  { ref, from, to }: Move,
): string | undefined {
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  const tag = /^refs\/tags\/(.+)$/.exec(ref)?.[1];
  if (branch !== undefined && !mayPush(repository, token, branch))
    return 'Changes must be made through a pull request.';
  if (tag !== undefined && repository.burnedTags.has(tag)) {
    if (from === NO_COMMIT) return 'Cannot create ref due to creations being restricted.';
    const held = [...repository.releases.values()].some(
      (release) => release.immutable && release.tag === tag,
    );
    if (held || to !== NO_COMMIT) return 'Cannot update this protected ref.';
  }
  if (ref.startsWith('refs/pull/')) return 'Cannot update this protected ref.';
  return undefined;
}

/**
 * Moves a reference for someone, by the rules, and tells what depends on it.
 * @throws {ApiFailure} 422 when a rule forbids it or it is there already, 409 when it moved meanwhile
 */
export async function moveReference(
  github: GitHub,
  repository: Repository,
  token: Token | undefined,
  move: Move,
): Promise<void> {
  const refusal = refusalOf(repository, token, move);
  if (refusal !== undefined) throw ruleViolation(refusal);
  try {
    await repository.git.update(move.ref, move.from, move.to);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    if (move.from === NO_COMMIT) {
      // `a` cannot be a branch beside `a/b`.
      const there = await repository.git.reference(move.ref);
      throw unprocessable(there ? 'Reference already exists' : 'Reference update failed');
    }
    throw new ApiFailure(409, `Reference cannot be updated: ${move.ref} moved meanwhile`);
  }
  await referenceMoved(github, repository, token, move);
}

/** Events and pull requests after a reference has moved, by REST, GraphQL or a push. */
export async function referenceMoved(
  github: GitHub,
  repository: Repository,
  token: Token | undefined,
  { ref, from, to }: Move,
): Promise<void> {
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  if (from === NO_COMMIT) github.emit(token, repository, 'create', null, ref);
  if (to === NO_COMMIT) github.emit(token, repository, 'delete', null, ref);
  if (branch !== undefined || ref.startsWith('refs/tags/')) github.emit(token, repository, 'push', null, ref);
  if (branch === undefined) return;
  for (const { target, issue } of openPullsOf(github)) {
    const { pull } = issue;
    if (pull.head.repository === repository && pull.head.branch === branch) {
      if (to === NO_COMMIT) {
        issue.state = 'closed';
        issue.closedAt = github.now();
        github.emit(token, target, 'pull_request', 'closed', issue.number);
        continue;
      }
      pull.headSha = to;
      await refreshPull(github, target, issue);
      github.emit(token, target, 'pull_request', 'synchronize', issue.number);
    } else if (target === repository && pull.base === branch) {
      await refreshPull(github, target, issue);
    }
  }
}

/** Sets `refs/pull/N/head`, and `refs/pull/N/merge` to a merge into the base where that is possible. */
export async function refreshPull(
  github: GitHub,
  repository: Repository,
  { number, pull }: PullIssue,
): Promise<void> {
  const { git } = repository;
  await git.fetchFrom(pull.head.repository.git, pull.headSha);
  await git.text('update-ref', `refs/pull/${number}/head`, pull.headSha);
  const base = await git.resolve(`refs/heads/${pull.base}`);
  const tree = base === undefined ? undefined : await git.mergedTree(base, pull.headSha);
  if (base === undefined || tree === undefined) {
    await git.text('update-ref', '-d', `refs/pull/${number}/merge`);
    return;
  }
  const person = personOf(pull.head.repository.owner, github.now());
  const message = `Merge ${pull.headSha} into ${base}\n`;
  const sha = await git.writeCommit({
    tree,
    parents: [base, pull.headSha],
    author: person,
    committer: person,
    message,
  });
  await git.text('update-ref', `refs/pull/${number}/merge`, sha);
}

/** The references between two moments, as moves. */
export function movesBetween(before: readonly Reference[], after: readonly Reference[]): Move[] {
  const old = new Map(before.map(({ ref, sha }) => [ref, sha]));
  const now = new Map(after.map(({ ref, sha }) => [ref, sha]));
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((ref) => ({ ref, from: old.get(ref) ?? NO_COMMIT, to: now.get(ref) ?? NO_COMMIT }))
    .filter(({ from, to }) => from !== to);
}

function ruleViolation(rule: string): ApiFailure {
  return unprocessable(`Repository rule violations found\n\n${rule}\n\n`);
}

function mayPush({ protections }: Repository, token: Token | undefined, branch: string): boolean {
  const protection = protections.get(branch);
  if (protection?.requirePullRequest !== true) return true;
  return token?.app !== undefined && protection.bypass?.includes(token.app.slug) === true;
}

function openPullsOf(github: GitHub): { target: Repository; issue: PullIssue }[] {
  return [...github.repositories.values()].flatMap((target) =>
    [...target.issues.values()].flatMap((issue) =>
      isPull(issue) && issue.state === 'open' ? [{ target, issue }] : [],
    ),
  );
}
