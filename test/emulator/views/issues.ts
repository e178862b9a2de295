import type { GitHub } from '../github.ts';
import {
  type Account,
  type Comment,
  type Issue,
  type Label,
  nodeId,
  type Repository,
  type Schemas,
} from '../state.ts';
import { accountView, appView } from './accounts.ts';
import { pageUrl, repositoryUrl } from './repositories.ts';

export function labelView(github: GitHub, repository: Repository, label: Label): Schemas['label'] {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${repositoryUrl(github, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: label.name === 'bug' || label.name === 'documentation' || label.name === 'enhancement',
    description: label.description,
  };
}

export function commentsOf(repository: Repository, number: number): Comment[] {
  return [...repository.comments.values()].filter(({ issue }) => issue === number);
}

export function issueView(github: GitHub, repository: Repository, issue: Issue): Schemas['issue'] {
  const url = `${repositoryUrl(github, repository)}/issues/${issue.number}`;
  const page = `${pageUrl(github, repository)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
  const [assignee] = issue.assignees;
  return {
    id: issue.id,
    node_id: issueNodeId(issue),
    url,
    repository_url: repositoryUrl(github, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: accountView(github, issue.author),
    labels: issue.labels.map((label) => labelView(github, repository, label)),
    assignee: assignee ? accountView(github, assignee) : null,
    assignees: issue.assignees.map((account) => accountView(github, account)),
    milestone: null,
    locked: false,
    active_lock_reason: null,
    comments: commentsOf(repository, issue.number).length,
    ...(issue.pull
      ? { draft: issue.pull.draft, pull_request: pullLinks(github, repository, issue, page) }
      : {}),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.closedBy ? accountView(github, issue.closedBy) : null,
    author_association: associationOf(repository, issue.author),
    performed_via_github_app: issue.app ? appView(github, issue.app) : null,
  };
}

export function commentView(
  github: GitHub,
  repository: Repository,
  comment: Comment,
): Schemas['issue-comment'] {
  const url = repositoryUrl(github, repository);
  const kind = repository.issues.get(comment.issue)?.pull ? 'pull' : 'issues';
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url: `${url}/issues/comments/${comment.id}`,
    html_url: `${pageUrl(github, repository)}/${kind}/${comment.issue}#issuecomment-${comment.id}`,
    issue_url: `${url}/issues/${comment.issue}`,
    body: comment.body,
    user: accountView(github, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(repository, comment.author),
    performed_via_github_app: comment.app ? appView(github, comment.app) : null,
  };
}

export function issueNodeId({ id, pull }: Issue): string {
  return nodeId(pull ? 'PR' : 'I', id);
}

export function associationOf(repository: Repository, account: Account): Schemas['author-association'] {
  if (account.login === repository.owner.login) return 'OWNER';
  return repository.collaborators.has(account.login) ? 'COLLABORATOR' : 'NONE';
}

function pullLinks(github: GitHub, repository: Repository, { number, pull }: Issue, page: string) {
  return {
    url: `${repositoryUrl(github, repository)}/pulls/${number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: pull?.merged?.at ?? null,
  };
}
