import type { PullRequest, RepositoryHost } from '../repository-host.ts';
import type { GitHubClient } from './client.ts';
import { createOnce, unrepeated } from './create-once.ts';
import { asked } from './failures.ts';
import type { Repository } from './repository.ts';

const reading = { doing: 'read pull requests', permission: 'pull-requests: read' };
const writing = { doing: 'write a pull request', permission: 'pull-requests: write' };

type PullRequests = Pick<
  RepositoryHost,
  | 'pullRequestsOf'
  | 'pullRequestsAt'
  | 'openPullRequest'
  | 'updatePullRequest'
  | 'closePullRequest'
  | 'addLabels'
>;

/** Pull requests of a repository on GitHub. */
export function pullRequestsOf(client: GitHubClient, { owner, repo }: Repository): PullRequests {
  const ofBranch = async (branch: string, state: 'open' | 'all') => {
    const found = await client.paginate(client.rest.pulls.list, {
      owner,
      repo,
      head: `${owner}:${branch}`,
      state,
      sort: 'created',
      direction: 'desc',
      per_page: 100,
    });
    return found.map(toPullRequest);
  };
  return {
    pullRequestsOf: (branch) => asked(reading, () => ofBranch(branch, 'all')),
    pullRequestsAt: (commit) =>
      asked(reading, async () => {
        const found = await client.paginate(client.rest.pulls.list, {
          owner,
          repo,
          state: 'open',
          per_page: 100,
        });
        return found.filter(({ head }) => head.sha === commit).map(toPullRequest);
      }),
    openPullRequest: ({ branch, base, title, body }) =>
      asked(writing, () =>
        createOnce(
          async () => (await ofBranch(branch, 'open'))[0] ?? null,
          async () => {
            const { data } = await client.rest.pulls.create({
              owner,
              repo,
              head: branch,
              base,
              title,
              body,
              request: unrepeated,
            });
            return toPullRequest(data);
          },
        ),
      ),
    async updatePullRequest(number, { title, body }) {
      await asked(writing, () => client.rest.pulls.update({ owner, repo, pull_number: number, title, body }));
    },
    async closePullRequest(number, body) {
      await asked(writing, () =>
        client.rest.pulls.update({ owner, repo, pull_number: number, state: 'closed', body }),
      );
    },
    async addLabels(number, labels) {
      await asked(writing, () =>
        client.rest.issues.addLabels({ owner, repo, issue_number: number, labels: [...labels] }),
      );
    },
  };
}

type Given = {
  number: number;
  html_url: string;
  state: string;
  merged_at: string | null;
  user: { login: string } | null;
  title: string;
  body: string | null;
  labels: readonly { name: string }[];
  head: { ref: string; sha: string; repo: { full_name: string } | null };
  base: { ref: string; sha: string };
};

function toPullRequest({
  number,
  html_url,
  state,
  merged_at,
  user,
  title,
  body,
  labels,
  head,
  base,
}: Given): PullRequest {
  return {
    number,
    url: html_url,
    state: merged_at !== null ? 'merged' : state === 'open' ? 'open' : 'closed',
    author: user?.login ?? null,
    title,
    body: body ?? '',
    labels: labels.map(({ name }) => name),
    head: { branch: head.ref, commit: head.sha, repository: head.repo?.full_name ?? null },
    base: { branch: base.ref, commit: base.sha },
  };
}
