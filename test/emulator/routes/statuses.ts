import {
  actorOf,
  bodyOf,
  type Call,
  created,
  ok,
  part,
  type Reply,
  type Route,
  repositoryOf,
} from '../call.ts';
import { notFound, unprocessable } from '../failures.ts';
import { listed } from '../paging.ts';
import type { CommitStatus } from '../state.ts';
import { reads, writes } from '../tokens.ts';
import { simpleStatusView, statusView } from '../views/checks.ts';
import { minimalRepositoryView, repositoryUrl } from '../views/repositories.ts';

const MAX_STATUSES = 1000;

export const statusRoutes: readonly Route[] = [
  { id: 'repos/create-commit-status', needs: writes('statuses'), answer: createStatus },
  { id: 'repos/list-commit-statuses-for-ref', needs: reads('statuses'), answer: listStatuses },
  { id: 'repos/get-combined-status-for-ref', needs: reads('statuses'), answer: combinedStatus },
];

async function createStatus(call: Call): Promise<Reply> {
  const {
    state,
    context = 'default',
    description = null,
    target_url = null,
  } = bodyOf<'repos/create-commit-status'>(call);
  const { github, token } = call;
  const repository = repositoryOf(call);
  const sha = await repository.git.resolve(part(call, 'sha'));
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${part(call, 'sha')}`);
  const same = repository.statuses.filter((status) => status.sha === sha && status.context === context);
  if (same.length >= MAX_STATUSES) {
    throw unprocessable('This SHA and context has reached the maximum number of statuses.');
  }
  const status: CommitStatus = {
    id: github.nextId(),
    sha,
    state,
    context,
    description,
    targetUrl: target_url,
    creator: actorOf(call),
    createdAt: github.now(),
  };
  repository.statuses.push(status);
  github.emit(token, repository, 'status', null, context);
  return created(statusView(github, repository, status));
}

async function listStatuses(call: Call): Promise<Reply> {
  const { newestFirst } = await statusesOf(call);
  return listed(call, newestFirst, (status) => statusView(call.github, repositoryOf(call), status));
}

/** The latest of each context; failure beats pending beats success. */
async function combinedStatus(call: Call): Promise<Reply> {
  const { github } = call;
  const repository = repositoryOf(call);
  const { sha, newestFirst } = await statusesOf(call);
  const latest = newestFirst.filter(
    (status) => newestFirst.find(({ context }) => context === status.context) === status,
  );
  const states = latest.map(({ state }) => state);
  const failed = states.includes('failure') || states.includes('error');
  const url = repositoryUrl(github, repository);
  return ok({
    state: failed ? 'failure' : states.length === 0 || states.includes('pending') ? 'pending' : 'success',
    statuses: latest.map((status) => simpleStatusView(github, repository, status)),
    sha,
    total_count: latest.length,
    repository: minimalRepositoryView(github, repository),
    commit_url: `${url}/commits/${sha}`,
    url: `${url}/commits/${sha}/status`,
  });
}

async function statusesOf(call: Call): Promise<{ sha: string; newestFirst: CommitStatus[] }> {
  const repository = repositoryOf(call);
  const sha = await repository.git.resolve(part(call, 'ref'));
  if (sha === undefined) throw notFound();
  return { sha, newestFirst: repository.statuses.filter((status) => status.sha === sha).reverse() };
}
