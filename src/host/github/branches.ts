import type { Branch, BranchChange, Commit, RepositoryHost } from '../repository-host.ts';
import type { GitHubClient } from './client.ts';
import { createOnce, unrepeated } from './create-once.ts';
import { asked, askedFor, isRefusedAs } from './failures.ts';
import type { Repository } from './repository.ts';

const reading = { doing: 'read the repository', permission: 'contents: read' };
const writing = { doing: 'write a branch', permission: 'contents: write' };

/** The commit of a ref that does not exist, as GitHub writes it. */
const nothing = '0'.repeat(40);

/** Why GitHub refuses a change of refs that are no longer where it was said. */
const staleTypes = ['STALE_DATA', 'UNPROCESSABLE'];

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
      throw new Error(`${owner}/${repo} has no commit on ${data.default_branch}`);
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
      // One page holds 250 commits, more than a branch of proposals gets.
      const { data } = await asked(reading, () =>
        client.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead: `${base}...${head}` }),
      );
      return { mergeBase: data.merge_base_commit.sha, commits: data.commits.map(toCommit) };
    },
    publishBranch: (change) => asked(writing, () => publish(client, repository, change)),
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

/**
 * Makes the commit on a branch that nobody watches, where GitHub signs it, and moves the real branch onto it in one step that fails if
 * someone else has moved it. A branch without a commit of its own would close its pull request.
 */
async function publish(
  client: GitHubClient,
  repository: Repository,
  { name, parent, expected, files, message }: BranchChange,
): Promise<string | null> {
  const { owner, repo } = repository;
  const workshop = `promptline-workshop/${name}`;
  const ref = `heads/${workshop}`;
  const begun = await createOnce(
    async () => (await askedFor(writing, () => client.rest.git.getRef({ owner, repo, ref })))?.data ?? null,
    async () =>
      (
        await client.rest.git.createRef({
          owner,
          repo,
          ref: `refs/${ref}`,
          sha: parent,
          request: unrepeated,
        })
      ).data,
  );
  if (begun.object.sha !== parent)
    await client.rest.git.updateRef({ owner, repo, ref, sha: parent, force: true });
  const made = await commitOn(client, repository, { workshop, parent, files, message });
  const moved = await moveRefs(client, repository, [
    { name: `refs/heads/${name}`, beforeOid: expected ?? nothing, afterOid: made, force: true },
    { name: `refs/${ref}`, beforeOid: made, afterOid: nothing, force: true },
  ]);
  return moved ? made : null;
}

async function commitOn(
  client: GitHubClient,
  { owner, repo }: Repository,
  {
    workshop,
    parent,
    files,
    message,
  }: Pick<BranchChange, 'parent' | 'files' | 'message'> & { workshop: string },
): Promise<string> {
  const { createCommitOnBranch } = await client.graphql<{
    createCommitOnBranch: { commit: { oid: string } };
  }>(
    `mutation ($input: CreateCommitOnBranchInput!) {
      createCommitOnBranch(input: $input) { commit { oid } }
    }`,
    {
      input: {
        branch: { repositoryNameWithOwner: `${owner}/${repo}`, branchName: workshop },
        expectedHeadOid: parent,
        message,
        fileChanges: {
          additions: files.map(({ path, content }) => ({
            path,
            contents: Buffer.from(content).toString('base64'),
          })),
        },
      },
    },
  );
  return createCommitOnBranch.commit.oid;
}

type RefUpdate = { name: string; beforeOid: string; afterOid: string; force: boolean };

/** Moves refs together; false where one of them is no longer where it was said to be. */
async function moveRefs(
  client: GitHubClient,
  { id }: Repository,
  refUpdates: readonly RefUpdate[],
): Promise<boolean> {
  const repositoryId = await id();
  try {
    await client.graphql(
      `mutation ($input: UpdateRefsInput!) {
        updateRefs(input: $input) { clientMutationId }
      }`,
      { input: { repositoryId, refUpdates } },
    );
    return true;
  } catch (error) {
    if (isRefusedAs(error, staleTypes)) return false;
    throw error;
  }
}
