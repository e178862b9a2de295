import {
  bodyOf,
  type Call,
  created,
  gone,
  member,
  ok,
  part,
  type Reply,
  type Route,
  repositoryOf,
} from '../call.ts';
import { changedFiles } from '../changes.ts';
import { ApiFailure, notFound, validationFailed } from '../failures.ts';
import { listed } from '../paging.ts';
import { refreshPull } from '../references.ts';
import { isPull, type PullIssue, type Repository } from '../state.ts';
import { reads, writes } from '../tokens.ts';
import { commitView, fileView } from '../views/commits.ts';
import { pullView, sidesOf, simplePullView } from '../views/pulls.ts';
import { checkBody } from './issue-access.ts';
import { newIssue, setState } from './issues.ts';

const MAX_FILES = 3000;

export const pullRoutes: readonly Route[] = [
  { id: 'pulls/list', needs: reads('pull_requests'), answer: listPulls },
  { id: 'pulls/create', needs: { ...writes('pull_requests'), open: true }, answer: createPull },
  { id: 'pulls/get', needs: reads('pull_requests'), answer: (call) => fullReply(call, pullOf(call)) },
  { id: 'pulls/update', needs: writes('pull_requests'), answer: updatePull },
  { id: 'pulls/list-files', needs: reads('pull_requests'), answer: listFiles },
  { id: 'pulls/list-commits', needs: reads('pull_requests'), answer: listCommits },
  { id: 'pulls/check-if-merged', needs: reads('contents'), answer: checkIfMerged },
  {
    id: 'repos/list-pull-requests-associated-with-commit',
    needs: reads('pull_requests'),
    answer: listWithCommit,
  },
];

/** @throws {ApiFailure} 404 */
export function pullOf(call: Call): PullIssue {
  const issue = member(repositoryOf(call).issues, part(call, 'pull_number'));
  if (!isPull(issue)) throw notFound();
  return issue;
}

function pullsOf(repository: Repository): PullIssue[] {
  return [...repository.issues.values()].filter(isPull);
}

async function fullReply(call: Call, issue: PullIssue): Promise<Reply> {
  return ok(await pullView(call.github, repositoryOf(call), issue));
}

function listPulls(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const { state = 'open', base, head, sort = 'created', direction } = call.query;
  const found = pullsOf(repository)
    .filter((issue) => state === 'all' || issue.state === state)
    .filter(({ pull }) => base === undefined || pull.base === base)
    .filter(({ pull }) => head === undefined || labelOf(pull.head) === head);
  const ascending = direction === undefined ? sort !== 'created' : direction === 'asc';
  return listed(call, ascending ? found : found.reverse(), (issue) =>
    simplePullView(call.github, repository, issue),
  );
}

function labelOf({ repository, branch }: PullIssue['pull']['head']): string {
  return `${repository.owner.login}:${branch}`;
}

async function createPull(call: Call): Promise<Reply> {
  const {
    title,
    head,
    base,
    body = null,
    draft = false,
    maintainer_can_modify,
  } = bodyOf<'pulls/create'>(call);
  const { github, token } = call;
  const repository = repositoryOf(call);
  if (token?.kind === 'workflow' && !repository.actionsMayOpenPullRequests) {
    throw new ApiFailure(403, 'GitHub Actions is not permitted to create or approve pull requests.');
  }
  if (title === undefined)
    throw validationFailed({ resource: 'PullRequest', code: 'missing_field', field: 'title' });
  const side = headOf(call, repository, head);
  const headSha = side && (await side.repository.git.resolve(`refs/heads/${side.branch}`));
  if (!headSha) throw validationFailed({ resource: 'PullRequest', code: 'invalid', field: 'head' });
  const baseSha = await repository.git.resolve(`refs/heads/${base}`);
  if (!baseSha) throw validationFailed({ resource: 'PullRequest', code: 'invalid', field: 'base' });
  refuseSecond(repository, side, base);
  await repository.git.fetchFrom(side.repository.git, headSha);
  const { ahead } = await repository.git.divergence(baseSha, headSha);
  if (ahead === 0) throw pullProblem(`No commits between ${base} and ${side.branch}`);
  // Again: another request may have opened it while Git was asked.
  refuseSecond(repository, side, base);
  const issue = newIssue(call, repository, title, body);
  const maintainerCanModify = maintainer_can_modify ?? false;
  issue.pull = {
    base,
    head: side,
    headSha,
    baseSha: undefined,
    draft,
    merged: undefined,
    maintainerCanModify,
  };
  if (!isPull(issue)) throw notFound();
  await refreshPull(github, repository, issue);
  github.emit(token, repository, 'pull_request', 'opened', issue.number);
  return created(await pullView(github, repository, issue));
}

/** `branch`, or `owner:branch` of the repository or a fork of it. */
function headOf(call: Call, repository: Repository, head: string): PullIssue['pull']['head'] | undefined {
  const [, owner = repository.owner.login, branch = ''] = /^(?:([^:]+):)?(.+)$/.exec(head) ?? [];
  const source = owner === repository.owner.login ? repository : call.github.find(owner, repository.name);
  return source && { repository: source, branch };
}

/** @throws {ApiFailure} 422 when the pull request is open already */
function refuseSecond(repository: Repository, head: PullIssue['pull']['head'], base: string): void {
  const open = pullsOf(repository).filter(({ state, pull }) => state === 'open' && pull.base === base);
  if (!open.some(({ pull }) => labelOf(pull.head) === labelOf(head))) return;
  throw pullProblem(`A pull request already exists for ${labelOf(head)}.`);
}

function pullProblem(message: string): ApiFailure {
  return validationFailed({ resource: 'PullRequest', code: 'custom', message });
}

async function updatePull(call: Call): Promise<Reply> {
  const { title, body, state, base } = bodyOf<'pulls/update'>(call);
  const { github } = call;
  const repository = repositoryOf(call);
  const issue = pullOf(call);
  if (body !== undefined) checkBody('PullRequest', body);
  if (base !== undefined && !(await repository.git.resolve(`refs/heads/${base}`))) {
    throw validationFailed({ resource: 'PullRequest', code: 'invalid', field: 'base' });
  }
  if (state === 'open' && issue.state === 'closed') await refuseReopening(repository, issue);
  if (title !== undefined) issue.title = title;
  if (body !== undefined) issue.body = body;
  if (base !== undefined) issue.pull.base = base;
  if (state !== undefined) setState(call, issue, state, 'pull_request');
  if (base !== undefined || state === 'open') await refreshPull(github, repository, issue);
  issue.updatedAt = github.now();
  return fullReply(call, issue);
}

async function refuseReopening(repository: Repository, issue: PullIssue): Promise<void> {
  const { head, merged, base } = issue.pull;
  const sha = await head.repository.git.resolve(`refs/heads/${head.branch}`);
  if (merged || sha === undefined)
    throw validationFailed({ resource: 'PullRequest', code: 'invalid', field: 'state' });
  refuseSecond(repository, head, base);
  issue.pull.headSha = sha;
}

async function listFiles(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const { head, mergeBase } = await sidesOf(repository, pullOf(call));
  const files = (await changedFiles(repository.git, mergeBase, head)).slice(0, MAX_FILES);
  return listed(call, files, (file) => fileView(call.github, repository, head, file));
}

async function listCommits(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const { head, mergeBase } = await sidesOf(repository, pullOf(call));
  const commits = await repository.git.commits('--reverse', `${mergeBase}..${head}`);
  return listed(call, commits.slice(0, 250), (commit) => commitView(call.github, repository, commit));
}

function checkIfMerged(call: Call): Reply {
  if (!pullOf(call).pull.merged) throw notFound();
  return gone;
}

async function listWithCommit(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const sha = part(call, 'commit_sha');
  const found: PullIssue[] = [];
  for (const issue of pullsOf(repository)) {
    const { head, mergeBase } = await sidesOf(repository, issue);
    const commits = await repository.git.commits(`${mergeBase}..${head}`);
    if (issue.pull.merged?.sha === sha || commits.some((commit) => commit.sha === sha)) found.push(issue);
  }
  return listed(call, found, (issue) => simplePullView(call.github, repository, issue));
}
