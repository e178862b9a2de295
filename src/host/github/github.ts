import { inputError } from '../../errors.ts';
import type { ReleaseHost } from '../release-host.ts';
import type { RepositoryHost } from '../repository-host.ts';
import { branchesOf } from './branches.ts';
import { checksOf } from './checks.ts';
import { connect, type GitHubClient } from './client.ts';
import { commentsOf } from './comments.ts';
import { asked } from './failures.ts';
import { issuesOf } from './issues.ts';
import { pullRequestsOf } from './pull-requests.ts';
import { releasesOf } from './releases.ts';
import type { Repository } from './repository.ts';

export type GitHubOptions = {
  readonly token: string;
  /** `owner/name`. */
  readonly repository: string;
  /** `https://api.github.com`, or that of a GitHub Enterprise server. */
  readonly apiUrl: string;
  /** Gets a line when something is waited for. */
  readonly note: (line: string) => void;
};

/** As whom the token of a workflow's job writes. */
const jobLogin = 'github-actions[bot]';

/** A repository on GitHub; asks nothing yet. */
export function openGitHub({ token, repository, apiUrl, note }: GitHubOptions): RepositoryHost & ReleaseHost {
  const [owner, repo, ...rest] = repository.split('/');
  if (!owner || !repo || rest.length > 0)
    throw inputError(`"${repository}" is no repository`, 'Set GITHUB_REPOSITORY to owner/name');
  const client = connect(token, apiUrl, note);
  const place: Repository = {
    owner,
    repo,
    id: once(() => readId(client, owner, repo)),
    viewer: once(() => readViewer(client)),
  };
  return {
    repository,
    startsWorkflows: async () => (await place.viewer()) !== jobLogin,
    ...branchesOf(client, place),
    ...pullRequestsOf(client, place),
    ...commentsOf(client, place),
    ...checksOf(client, place),
    ...issuesOf(client, place),
    ...releasesOf(client, place),
  };
}

/** Asks once. What failed is asked again: a watch goes on for days after an outage of a minute. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<T> | undefined;
  return () => {
    asking ??= ask().catch((error) => {
      asking = undefined;
      throw error;
    });
    return asking;
  };
}

async function readId(client: GitHubClient, owner: string, repo: string): Promise<string> {
  const request = { doing: 'read the repository', permission: 'contents: read' };
  return (await asked(request, () => client.rest.repos.get({ owner, repo }))).data.node_id;
}

/** Tokens of Apps and of jobs have no user in REST; GraphQL knows who they write as. */
async function readViewer(client: GitHubClient): Promise<string> {
  const request = { doing: 'say who the token belongs to', permission: 'metadata: read' };
  const { viewer } = await asked(request, () =>
    client.graphql<{ viewer: { login: string } }>('query { viewer { login } }'),
  );
  return viewer.login;
}
