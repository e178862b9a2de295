import { changedFiles } from '../changes.ts';
import type { GitHub } from '../github.ts';
import type { PullIssue, Repository, Schemas } from '../state.ts';
import { accountView } from './accounts.ts';
import { associationOf, commentsOf, issueNodeId, labelView } from './issues.ts';
import { pageUrl, repositoryUrl, repositoryView } from './repositories.ts';

/** Where the two sides of a pull request are. */
export type Sides = { base: string; head: string; mergeBase: string };

export async function sidesOf({ git }: Repository, { pull }: PullIssue): Promise<Sides> {
  const base = pull.baseSha ?? (await git.resolve(`refs/heads/${pull.base}`)) ?? pull.headSha;
  return { base, head: pull.headSha, mergeBase: (await git.mergeBase(base, pull.headSha)) ?? base };
}

export async function simplePullView(
  github: GitHub,
  repository: Repository,
  issue: PullIssue,
): Promise<Schemas['pull-request-simple']> {
  const { labels, ...rest } = await sharedView(github, repository, issue);
  // Here alone, GitHub's description does not allow null.
  return { ...rest, labels: labels.map((label) => ({ ...label, description: label.description ?? '' })) };
}

export async function pullView(
  github: GitHub,
  repository: Repository,
  issue: PullIssue,
): Promise<Schemas['pull-request']> {
  const { git } = repository;
  const { pull } = issue;
  const { base, head, mergeBase } = await sidesOf(repository, issue);
  const [files, { ahead }, shared, tree] = await Promise.all([
    changedFiles(git, mergeBase, head),
    git.divergence(mergeBase, head),
    sharedView(github, repository, issue),
    pull.merged ? undefined : git.mergedTree(base, head),
  ]);
  const mergeable = pull.merged || issue.state === 'closed' ? null : tree !== undefined;
  return {
    ...shared,
    merged: pull.merged !== undefined,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeable === null ? 'unknown' : mergeable ? (pull.draft ? 'draft' : 'clean') : 'dirty',
    merged_by: pull.merged ? accountView(github, pull.merged.by) : null,
    comments: commentsOf(repository, issue.number).length,
    review_comments: 0,
    maintainer_can_modify: pull.maintainerCanModify,
    commits: ahead,
    additions: files.reduce((sum, { additions }) => sum + additions, 0),
    deletions: files.reduce((sum, { deletions }) => sum + deletions, 0),
    changed_files: files.length,
  };
}

async function sharedView(github: GitHub, repository: Repository, issue: PullIssue) {
  const { pull, number } = issue;
  const url = repositoryUrl(github, repository);
  const self = `${url}/pulls/${number}`;
  const asIssue = `${url}/issues/${number}`;
  const page = `${pageUrl(github, repository)}/pull/${number}`;
  const links = {
    comments: `${asIssue}/comments`,
    commits: `${self}/commits`,
    statuses: `${url}/statuses/${pull.headSha}`,
    html: page,
    issue: asIssue,
    review_comments: `${self}/comments`,
    review_comment: `${url}/pulls/comments{/number}`,
    self,
  };
  const [assignee] = issue.assignees;
  const { base, head } = await sidesOf(repository, issue);
  return {
    url: self,
    id: issue.id,
    node_id: issueNodeId(issue),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: links.issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    number,
    state: issue.state,
    locked: false,
    title: issue.title,
    user: accountView(github, issue.author),
    body: issue.body,
    labels: issue.labels.map((label) => labelView(github, repository, label)),
    milestone: null,
    active_lock_reason: null,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.merged?.at ?? null,
    merge_commit_sha:
      pull.merged?.sha ?? (await repository.git.reference(`refs/pull/${number}/merge`))?.sha ?? null,
    assignee: assignee ? accountView(github, assignee) : null,
    assignees: issue.assignees.map((account) => accountView(github, account)),
    requested_reviewers: [],
    requested_teams: [],
    head: sideView(github, pull.head.repository, pull.head.branch, head),
    base: sideView(github, repository, pull.base, base),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])) as Record<
      keyof typeof links,
      { href: string }
    >,
    author_association: associationOf(repository, issue.author),
    auto_merge: null,
    draft: pull.draft,
  };
}

function sideView(github: GitHub, repository: Repository, branch: string, sha: string) {
  return {
    label: `${repository.owner.login}:${branch}`,
    ref: branch,
    sha,
    user: accountView(github, repository.owner),
    repo: repositoryView(github, repository),
  };
}
