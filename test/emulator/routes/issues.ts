import {
  actorOf,
  type BodyOf,
  bodyOf,
  type Call,
  created,
  ok,
  type Reply,
  type Route,
  repositoryOf,
} from '../call.ts';
import { validationFailed } from '../failures.ts';
import { listed } from '../paging.ts';
import type { Issue, Label, Repository } from '../state.ts';
import { isAllowed, writes } from '../tokens.ts';
import { issueView } from '../views/issues.ts';
import { checkBody, issueOf, readsIssues, writesIssues } from './issue-access.ts';
import { labelNamed } from './labels.ts';

export const issueRoutes: readonly Route[] = [
  { id: 'issues/list-for-repo', needs: readsIssues, answer: listIssues },
  { id: 'issues/create', needs: { ...writes('issues'), open: true }, answer: createIssue },
  { id: 'issues/get', needs: readsIssues, answer: (call) => ok(viewOf(call, issueOf(call))) },
  { id: 'issues/update', needs: writesIssues, answer: updateIssue },
];

/** A new issue with the next number; what makes it a pull request is added by the caller. */
export function newIssue(call: Call, repository: Repository, title: string, body: string | null): Issue {
  if (body !== null) checkBody('Issue', body);
  const { github, token } = call;
  repository.lastNumber += 1;
  const now = github.now();
  const issue: Issue = {
    id: github.nextId(),
    number: repository.lastNumber,
    title,
    body,
    state: 'open',
    stateReason: null,
    author: actorOf(call),
    app: token?.app,
    labels: [],
    assignees: [],
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    pull: undefined,
  };
  repository.issues.set(issue.number, issue);
  return issue;
}

/** @throws {ApiFailure} 422 */
export function setState(
  call: Call,
  issue: Issue,
  state: 'open' | 'closed',
  event: 'issues' | 'pull_request',
): void {
  if (issue.state === state) return;
  const { github, token } = call;
  issue.state = state;
  issue.closedAt = state === 'closed' ? github.now() : null;
  issue.closedBy = state === 'closed' ? actorOf(call) : null;
  github.emit(token, repositoryOf(call), event, state === 'closed' ? 'closed' : 'reopened', issue.number);
}

function viewOf(call: Call, issue: Issue) {
  return issueView(call.github, repositoryOf(call), issue);
}

function listIssues(call: Call): Promise<Reply> {
  const { query } = call;
  const repository = repositoryOf(call);
  const labels = (query['labels'] ?? '').split(',').filter(Boolean);
  const { state = 'open', creator, since } = query;
  const key = query['sort'] === 'updated' ? 'updatedAt' : 'createdAt';
  const found = [...repository.issues.values()]
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => labels.every((name) => issue.labels.some((label) => label.name === name)))
    .filter((issue) => creator === undefined || issue.author.login === creator)
    .filter((issue) => since === undefined || Date.parse(issue.updatedAt) >= Date.parse(since))
    .sort((a, b) => a[key].localeCompare(b[key]) || a.number - b.number);
  return listed(call, query['direction'] === 'asc' ? found : found.reverse(), (issue) => viewOf(call, issue));
}

function createIssue(call: Call): Reply {
  const { title, body = null, labels = [], assignees = [] } = bodyOf<'issues/create'>(call);
  const { github, token } = call;
  const repository = repositoryOf(call);
  const issue = newIssue(call, repository, String(title), body);
  // GitHub drops labels and assignees of those who may not set them.
  if (token && isAllowed(token, repository, writes('issues'))) {
    issue.labels = labels.flatMap((label) => namedLabel(call, label));
    issue.assignees = assignees.map((login) => github.account(login));
  }
  github.emit(token, repository, 'issues', 'opened', issue.number);
  return created(issueView(github, repository, issue));
}

function updateIssue(call: Call): Reply {
  const change = bodyOf<'issues/update'>(call);
  const issue = issueOf(call);
  if (change.body !== undefined && change.body !== null) checkBody('Issue', change.body);
  if (change.title !== undefined && change.title !== null) issue.title = String(change.title);
  if (change.body !== undefined) issue.body = change.body;
  if (change.labels !== undefined) issue.labels = change.labels.flatMap((label) => namedLabel(call, label));
  if (change.assignees !== undefined) {
    issue.assignees = change.assignees.flatMap((each) =>
      typeof each === 'string' ? call.github.account(each) : [],
    );
  }
  if (change.state !== undefined) {
    if (issue.pull?.merged) throw validationFailed({ resource: 'Issue', field: 'state', code: 'invalid' });
    setState(call, issue, change.state, issue.pull ? 'pull_request' : 'issues');
    issue.stateReason = change.state_reason ?? (change.state === 'closed' ? 'completed' : 'reopened');
  }
  issue.updatedAt = call.github.now();
  return ok(viewOf(call, issue));
}

type GivenLabel = NonNullable<BodyOf<'issues/create'>['labels']>[number];

function namedLabel(call: Call, label: GivenLabel): Label[] {
  const name = typeof label === 'string' ? label : label.name;
  return name === undefined ? [] : [labelNamed(call, name)];
}
