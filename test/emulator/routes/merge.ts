import { actorOf, bodyOf, type Call, ok, type Reply, type Route, repositoryOf } from '../call.ts';
import { ApiFailure } from '../failures.ts';
import { type GitHub, personOf } from '../github.ts';
import { referenceMoved } from '../references.ts';
import type { PullIssue, Repository } from '../state.ts';
import { writes } from '../tokens.ts';
import { sidesOf } from '../views/pulls.ts';
import { setState } from './issues.ts';
import { pullOf } from './pulls.ts';

export const mergeRoutes: readonly Route[] = [
  { id: 'pulls/merge', needs: writes('contents'), answer: mergePull },
];

/** A merge commit or a squash. The emulated repositories have rebasing switched off. */
async function mergePull(call: Call): Promise<Reply> {
  const { merge_method = 'merge', sha: expected, commit_title, commit_message } = bodyOf<'pulls/merge'>(call);
  const { github, token } = call;
  const repository = repositoryOf(call);
  const issue = pullOf(call);
  const { base, head } = await sidesOf(repository, issue);
  if (expected !== undefined && expected !== head) {
    throw mergeFailure(409, 'Head branch was modified. Review and try the merge again.');
  }
  if (merge_method === 'rebase') throw notMergeable('Rebase merges are not allowed on this repository.');
  if (issue.state === 'closed' || issue.pull.draft) throw notMergeable('Pull Request is not mergeable');
  refuseMissingChecks(repository, issue);
  const tree = await repository.git.mergedTree(base, head);
  if (tree === undefined) throw notMergeable('Pull Request is not mergeable');
  const squash = merge_method === 'squash';
  const author = actorOf(call);
  const title = commit_title ?? defaultTitle(issue, squash);
  const merged = await repository.git.writeCommit({
    tree,
    parents: squash ? [base] : [base, head],
    author: personOf(author, github.now()),
    committer: gitHubItself(github),
    message: `${title}\n\n${commit_message ?? (squash ? '' : issue.title)}`,
  });
  const move = { ref: `refs/heads/${issue.pull.base}`, from: base, to: merged };
  // A protected branch takes merges of its pull requests.
  await repository.git.update(move.ref, move.from, move.to).catch(() => {
    throw mergeFailure(409, 'Base branch was modified. Review and try the merge again.');
  });
  repository.verifiedCommits.add(merged);
  issue.pull.baseSha = base;
  issue.pull.merged = { by: author, at: github.now(), sha: merged };
  setState(call, issue, 'closed', 'pull_request');
  await referenceMoved(github, repository, token, move);
  return ok({ sha: merged, merged: true, message: 'Pull Request successfully merged' });
}

/** The committer of what is made on GitHub. */
export function gitHubItself(github: GitHub) {
  return { name: 'GitHub', email: 'noreply@github.com', date: github.now() };
}

function defaultTitle({ title, number, pull }: PullIssue, squash: boolean): string {
  const { repository, branch } = pull.head;
  return squash
    ? `${title} (#${number})`
    : `Merge pull request #${number} from ${repository.owner.login}/${branch}`;
}

function refuseMissingChecks({ protections, checkRuns, statuses }: Repository, { pull }: PullIssue): void {
  for (const name of protections.get(pull.base)?.requiredChecks ?? []) {
    const green = [...checkRuns.values()]
      .filter((run) => run.sha === pull.headSha && run.name === name)
      .some(
        ({ conclusion }) => conclusion === 'success' || conclusion === 'neutral' || conclusion === 'skipped',
      );
    const status = statuses.findLast(({ sha, context }) => sha === pull.headSha && context === name);
    if (!green && status?.state !== 'success')
      throw notMergeable(`Required status check "${name}" is expected.`);
  }
}

function notMergeable(message: string): ApiFailure {
  return mergeFailure(405, message);
}

function mergeFailure(status: number, message: string): ApiFailure {
  const failure = new ApiFailure(status, message);
  // Of this operation alone, the description knows no `status` in an error.
  delete failure.body['status'];
  return failure;
}
