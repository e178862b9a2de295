import type { GitHub } from '../github.ts';
import { type Artifact, nodeId, type Repository, type Schemas, type WorkflowRun } from '../state.ts';
import { accountView } from './accounts.ts';
import { pullsAt } from './checks.ts';
import { minimalRepositoryView, pageUrl, repositoryUrl } from './repositories.ts';

/** GitHub gives each workflow file a number; here it follows from the path. */
export function workflowId(path: string): number {
  return [...path].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 1_000_000_007, 7);
}

export async function runView(
  github: GitHub,
  repository: Repository,
  run: WorkflowRun,
): Promise<Schemas['workflow-run']> {
  const actions = `${repositoryUrl(github, repository)}/actions`;
  const url = `${actions}/runs/${run.id}`;
  const actor = accountView(github, run.actor);
  const { author, committer, message, tree } = await run.source.git.commit(run.sha);
  return {
    id: run.id,
    name: run.path,
    node_id: nodeId('WFR', run.id),
    head_branch: run.branch,
    head_sha: run.sha,
    path: run.path,
    display_title: run.path,
    run_number: run.number,
    run_attempt: 1,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: workflowId(run.path),
    url,
    html_url: `${pageUrl(github, repository)}/actions/runs/${run.id}`,
    pull_requests: await pullsAt(github, repository, run.sha),
    created_at: run.createdAt,
    updated_at: run.createdAt,
    run_started_at: run.createdAt,
    actor,
    triggering_actor: actor,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${repositoryUrl(github, repository)}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    workflow_url: `${actions}/workflows/${workflowId(run.path)}`,
    head_commit: {
      id: run.sha,
      tree_id: tree,
      message,
      timestamp: committer.date,
      author: { name: author.name, email: author.email },
      committer: { name: committer.name, email: committer.email },
    },
    repository: minimalRepositoryView(github, repository),
    head_repository: minimalRepositoryView(github, run.source),
  };
}

const KEPT_DAYS = 90;

export function artifactView(
  github: GitHub,
  repository: Repository,
  artifact: Artifact,
): Schemas['artifact'] {
  const url = `${repositoryUrl(github, repository)}/actions/artifacts/${artifact.id}`;
  const { run } = artifact;
  const expires = new Date(Date.parse(artifact.createdAt) + KEPT_DAYS * 24 * 60 * 60 * 1000);
  return {
    id: artifact.id,
    node_id: nodeId('MDg', artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.zip.length,
    url,
    archive_download_url: `${url}/zip`,
    expired: artifact.expired,
    created_at: artifact.createdAt,
    updated_at: artifact.createdAt,
    expires_at: expires.toISOString(),
    workflow_run: {
      id: run.id,
      repository_id: repository.id,
      head_repository_id: run.source.id,
      head_branch: run.branch,
      head_sha: run.sha,
    },
  };
}

/** A workflow as webhooks show it. */
export function workflowView(
  github: GitHub,
  repository: Repository,
  { path }: WorkflowRun,
): Schemas['workflow'] {
  const id = workflowId(path);
  const page = pageUrl(github, repository);
  return {
    id,
    node_id: nodeId('W', id),
    name: path,
    path,
    state: 'active',
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
    url: `${repositoryUrl(github, repository)}/actions/workflows/${id}`,
    html_url: `${page}/blob/${repository.defaultBranch}/${path}`,
    badge_url: `${page}/workflows/${encodeURIComponent(path)}/badge.svg`,
  };
}
