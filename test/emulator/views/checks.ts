import type { GitHub } from '../github.ts';
import { type CheckRun, type CommitStatus, nodeId, type Repository, type Schemas } from '../state.ts';
import { accountView, appView } from './accounts.ts';
import { pageUrl, repositoryUrl } from './repositories.ts';

export function checkRunView(github: GitHub, repository: Repository, run: CheckRun): Schemas['check-run'] {
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
    pull_requests: pullsAt(github, repository, run.sha),
  };
}

/** Open pull requests of the repository's own branches that end at a commit; forks' are left out, as GitHub does. */
export function pullsAt(
  github: GitHub,
  repository: Repository,
  sha: string,
): Schemas['pull-request-minimal'][] {
  const side = { id: repository.id, url: repositoryUrl(github, repository), name: repository.name };
  return [...repository.issues.values()].flatMap(({ id, number, state, pull }) =>
    pull?.headSha === sha && pull.head.repository === repository && state === 'open'
      ? {
          url: `${side.url}/pulls/${number}`,
          id,
          number,
          head: { ref: pull.head.branch, sha, repo: side },
          base: { ref: pull.base, sha, repo: side },
        }
      : [],
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
