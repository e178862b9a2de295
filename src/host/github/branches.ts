import { inputError } from '../../errors.ts';
import type { Branch, Commit, RepositoryHost } from '../repository-host.ts';
import type { GitHubClient } from './client.ts';
import { asked, askedFor } from './failures.ts';
import { publishBranch } from './publish-branch.ts';
import type { Repository } from './repository.ts';

const reading = { doing: 'read the repository', permission: 'contents: read' };
const writing = { doing: 'write a branch', permission: 'contents: write' };

type Branches = Pick<
  RepositoryHost,
  'defaultBranch' | 'branch' | 'isOnBranch' | 'readFile' | 'commitsSince' | 'publishBranch' | 'deleteBranch'
>;

/** Branches, files and commits of a repository on GitHub. */
export function branchesOf(client: GitHubClient, repository: Repository): Branches {
  const { owner, repo } = repository;
  const branch = async (name: string): Promise<Branch | null> => {
    const found = await askedFor(reading, () =>
      client.rest.git.getRef({ owner, repo, ref: `heads/${name}` }),
    );
    return found && { name, commit: found.data.object.sha };
  };
  return {
    branch,
    async defaultBranch() {
      const { data } = await asked(reading, () => client.rest.repos.get({ owner, repo }));
      const found = await branch(data.default_branch);
      if (found) return found;
      throw inputError(
        `the branch ${data.default_branch} of ${owner}/${repo} has no commit`,
        'Push a first commit to it, or make another branch the default one',
      );
    },
    async isOnBranch(name, commit) {
      const found = await askedFor(reading, () =>
        client.rest.repos.compareCommitsWithBasehead({
          owner,
          repo,
          basehead: `${name}...${commit}`,
          per_page: 1,
        }),
      );
      return found?.data.ahead_by === 0;
    },
    async readFile(file, commit) {
      const found = await askedFor(reading, () =>
        client.rest.repos.getContent({
          owner,
          repo,
          path: file,
          ref: commit,
          mediaType: { format: 'raw' },
        }),
      );
      // With this media type the body is the file itself.
      return found && typeof found.data === 'string' ? found.data : null;
    },
    async commitsSince(base, head) {
      // One page holds 250 commits and 300 files, more than a branch of proposals gets.
      const { data } = await asked(reading, () =>
        client.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead: `${base}...${head}` }),
      );
      return {
        mergeBase: data.merge_base_commit.sha,
        commits: data.commits.map(toCommit),
        files: (data.files ?? []).map(({ filename }) => filename),
      };
    },
    publishBranch: (change) => publishBranch(client, repository, change),
    async deleteBranch(name) {
      await askedFor(writing, () => client.rest.git.deleteRef({ owner, repo, ref: `heads/${name}` }));
    },
  };
}

function toCommit({
  sha,
  author,
  commit,
}: {
  sha: string;
  author: { login?: string } | null;
  commit: { message: string };
}): Commit {
  return { id: sha, author: author?.login ?? null, message: commit.message };
}
