import type { BranchChange } from '../repository-host.ts';
import type { GitHubClient } from './client.ts';
import { createOnce, unrepeated } from './create-once.ts';
import { asked, askedFor } from './failures.ts';
import type { Repository } from './repository.ts';

const writing = { doing: 'write a branch', permission: 'contents: write' };

/** The commit of a ref that does not exist, as GitHub writes it. */
const nothing = '0'.repeat(40);

/**
 * Makes the commit on a branch that nobody watches, where GitHub signs it, and moves the real branch onto it in one step that fails if
 * someone else has moved it. A branch without a commit of its own would close its pull request.
 *
 * A request that failed may have had its effect, and another run may be at the same work: after each failure the refs tell what happened.
 * @returns the branch's commit; null where someone else changed it
 */
export function publishBranch(
  client: GitHubClient,
  repository: Repository,
  change: BranchChange,
): Promise<string | null> {
  const { name, expected } = change;
  const workshop = `promptline-workshop/${name}`;
  const place = { client, repository };
  return asked(writing, async () => {
    const made = await makeCommit(place, change, workshop);
    if (made === null) return null;
    const [from, ref] = [`refs/heads/${workshop}`, `refs/heads/${name}`];
    try {
      await moveRefs(place, [
        { name: ref, beforeOid: expected ?? nothing, afterOid: made, force: true },
        { name: from, beforeOid: made, afterOid: nothing, force: true },
      ]);
      return made;
    } catch (error) {
      const [branch, left] = [await commitAt(place, name), await commitAt(place, workshop)];
      // Nobody was there, so that this is not about what others did.
      if (branch === expected && left === made) throw error;
      const isSame = branch !== null && (await isWanted(place, change, branch));
      if (left === made)
        await moveRefs(place, [{ name: from, beforeOid: made, afterOid: nothing, force: true }]);
      return isSame ? branch : null;
    }
  });
}

type Place = { readonly client: GitHubClient; readonly repository: Repository };

/** The commit on the workshop; null where another run took the workshop away meanwhile. */
async function makeCommit(place: Place, change: BranchChange, workshop: string): Promise<string | null> {
  const { client, repository } = place;
  const { owner, repo } = repository;
  const { parent } = change;
  const begun = await createOnce(
    () => commitAt(place, workshop),
    async () => {
      const ref = `refs/heads/${workshop}`;
      await client.rest.git.createRef({ owner, repo, ref, sha: parent, request: unrepeated });
      return parent;
    },
  );
  try {
    // A run that was stopped left it there.
    if (begun !== parent) {
      const ref = `heads/${workshop}`;
      await client.rest.git.updateRef({ owner, repo, ref, sha: parent, force: true });
    }
    return await commitOn(place, change, workshop);
  } catch (error) {
    const now = await commitAt(place, workshop);
    if (now === parent || now === begun) throw error;
    return now !== null && (await isWanted(place, change, now)) ? now : null;
  }
}

/** The commit of a branch; null where there is none. */
async function commitAt(
  { client, repository: { owner, repo } }: Place,
  name: string,
): Promise<string | null> {
  const found = await askedFor(writing, () => client.rest.git.getRef({ owner, repo, ref: `heads/${name}` }));
  return found?.data.object.sha ?? null;
}

/** Whether a commit is what the change asks for: its message names the content. */
async function isWanted(
  { client, repository: { owner, repo } }: Place,
  { parent, message }: BranchChange,
  commit: string,
): Promise<boolean> {
  const basehead = `${parent}...${commit}`;
  const { data } = await client.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead });
  const [only, ...others] = data.commits;
  return (
    data.merge_base_commit.sha === parent &&
    others.length === 0 &&
    only?.commit.message.trim() === `${message.headline}\n\n${message.body}`.trim()
  );
}

async function commitOn(
  { client, repository: { owner, repo } }: Place,
  { parent, files, message }: BranchChange,
  branchName: string,
): Promise<string> {
  const additions = files.map(({ path, content }) => ({
    path,
    contents: Buffer.from(content).toString('base64'),
  }));
  const { createCommitOnBranch } = await client.graphql<{
    createCommitOnBranch: { commit: { oid: string } };
  }>(
    `mutation ($input: CreateCommitOnBranchInput!) {
      createCommitOnBranch(input: $input) { commit { oid } }
    }`,
    {
      input: {
        branch: { repositoryNameWithOwner: `${owner}/${repo}`, branchName },
        expectedHeadOid: parent,
        message,
        fileChanges: { additions },
      },
    },
  );
  return createCommitOnBranch.commit.oid;
}

type RefUpdate = { name: string; beforeOid: string; afterOid: string; force: boolean };

/** Moves refs together, or none of them where one is no longer where it was said to be. */
async function moveRefs({ client, repository }: Place, refUpdates: readonly RefUpdate[]): Promise<void> {
  const repositoryId = await repository.id();
  await client.graphql(
    `mutation ($input: UpdateRefsInput!) {
      updateRefs(input: $input) { clientMutationId }
    }`,
    { input: { repositoryId, refUpdates } },
  );
}
