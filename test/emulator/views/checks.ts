import type { GitHub } from '../github.ts';
import { type CheckRun, type CommitStatus, isPull, nodeId, type Repository, type Schemas } from '../state.ts';
import { accountView, appView } from './accounts.ts';
import { sidesOf } from './pulls.ts';
import { pageUrl, repositoryUrl } from './repositories.ts';

export async function checkRunView(
  github: GitHub,
  repository: Repository,
  run: CheckRun,
): Promise<Schemas['check-run']> {
  const url = `${repositoryUrl(github, repository)}/check-runs/${run.id}`;
  const page = `${pageUrl(github, repository)}/runs/${run.id}`;
  return {
    id: run.id,
    head_sha: run.sha,
    node_id: nodeId('CR', run.id),
    external_id: run.externalId ?? '',
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      ...run.output,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    name: run.name,
    check_suite: { id: run.suite },
    app: appView(github, run.app),
    pull_requests: await pullsAt(github, repository, run.sha),
  };
}

/** Open pull requests of the repository's own branches that end at a commit; forks' are left out, as GitHub does. */
export async function pullsAt(
  github: GitHub,
  repository: Repository,
  sha: string,
): Promise<Schemas['pull-request-minimal'][]> {
  const repo = { id: repository.id, url: repositoryUrl(github, repository), name: repository.name };
  const pulls = [...repository.issues.values()]
    .filter(isPull)
    .filter(
      ({ state, pull }) => state === 'open' && pull.headSha === sha && pull.head.repository === repository,
    );
  return Promise.all(
    pulls.map(async (issue) => ({
      url: `${repo.url}/pulls/${issue.number}`,
      id: issue.id,
      number: issue.number,
      head: { ref: issue.pull.head.branch, sha, repo },
      base: { ref: issue.pull.base, sha: (await sidesOf(repository, issue)).base, repo },
    })),
  );
}

export function simpleStatusView(
  github: GitHub,
  repository: Repository,
  status: CommitStatus,
): Schemas['simple-commit-status'] {
  return {
    url: `${repositoryUrl(github, repository)}/statuses/${status.sha}`,
    avatar_url: `${github.urls.server}/avatars/${status.creator.id}`,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

export function statusView(github: GitHub, repository: Repository, status: CommitStatus): Schemas['status'] {
  return { ...simpleStatusView(github, repository, status), creator: accountView(github, status.creator) };
}
