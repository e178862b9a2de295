import { ApiFailure } from '../failures.ts';
import { GitError, isSoundPath } from '../git.ts';
import { type GitHub, personOf } from '../github.ts';
import { referenceMoved, refusalOf } from '../references.ts';
import { fullName, nodeId, type Repository } from '../state.ts';
import { authorize, type Token, writes } from '../tokens.ts';
import { commitObject, graphqlFailure, referenceObject } from './objects.ts';

type Input = {
  branch: { id?: string; branchName?: string; repositoryNameWithOwner?: string };
  clientMutationId?: string;
  expectedHeadOid: string;
  fileChanges?: { additions?: { path: string; contents: string }[]; deletions?: { path: string }[] };
  message: { headline: string; body?: string };
};

/** The mutation that commits files and signs the commit, if the branch still is where the caller thinks. */
export function createCommitOnBranch(github: GitHub, token: Token) {
  return async ({ input }: { input: Input }) => {
    const { repository, branch } = await branchOf(github, input);
    refuseToken(token, repository);
    const { git } = repository;
    const ref = `refs/heads/${branch}`;
    const head = await git.resolve(ref);
    if (head === undefined)
      throw graphqlFailure('NOT_FOUND', `Could not resolve to a branch named '${branch}'.`);
    const refusal = refusalOf(repository, token, { ref, from: head, to: head });
    if (refusal !== undefined) {
      throw graphqlFailure('UNPROCESSABLE', `Repository rule violations found\n\n${refusal}\n\n`);
    }
    const { expectedHeadOid: from } = input;
    if (head !== from) throw stale(from);
    const { headline, body } = input.message;
    const now = github.now();
    const to = await git.writeCommit({
      tree: await git.writeTree(head, await changesOf(repository, head, input)),
      parents: [head],
      author: personOf(token.account, now),
      committer: { name: 'GitHub', email: 'noreply@github.com', date: now },
      message: body ? `${headline}\n\n${body}` : headline,
    });
    // Git decides between two that arrive at once.
    await git.update(ref, from, to).catch((error: unknown) => {
      throw error instanceof GitError ? stale(from) : error;
    });
    repository.verifiedCommits.add(to);
    await referenceMoved(github, repository, token, { ref, from, to });
    return {
      clientMutationId: input.clientMutationId ?? null,
      commit: commitObject(github, repository, await git.commit(to)),
      ref: () => referenceObject(github, repository, ref),
    };
  };
}

/** The two spaces are GitHub's. */
function stale(expected: string) {
  return graphqlFailure(
    'STALE_DATA',
    `Expected branch to point to "${expected}" but it did not.  Pull and try again.`,
  );
}

async function branchOf(
  github: GitHub,
  { branch }: Input,
): Promise<{ repository: Repository; branch: string }> {
  const { id, branchName, repositoryNameWithOwner: full } = branch;
  for (const repository of github.repositories.values()) {
    if (full?.toLowerCase() === fullName(repository).toLowerCase() && branchName !== undefined) {
      return { repository, branch: branchName.replace(/^refs\/heads\//, '') };
    }
    if (id === undefined) continue;
    const references = await repository.git.references('refs/heads/');
    const found = references.find(({ ref }) => nodeId('REF', repository.id, ref) === id);
    if (found) return { repository, branch: found.ref.slice('refs/heads/'.length) };
  }
  throw graphqlFailure('NOT_FOUND', `Could not resolve to a Repository with the name '${full ?? id ?? ''}'.`);
}

/** Throws as GraphQL does where a token may not write contents. */
export function refuseToken(token: Token, repository: Repository): void {
  try {
    authorize(token, repository, writes('contents'));
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error;
    if (error.status === 404) {
      throw graphqlFailure(
        'NOT_FOUND',
        `Could not resolve to a Repository with the name '${fullName(repository)}'.`,
      );
    }
    throw graphqlFailure('FORBIDDEN', error.message);
  }
}

async function changesOf({ git }: Repository, head: string, { fileChanges = {} }: Input) {
  const { additions = [], deletions = [] } = fileChanges;
  const paths = [...additions, ...deletions].map(({ path }) => path);
  const problem = [...paths].find((path, index) => !isSoundPath(path) || paths.indexOf(path) !== index);
  if (problem !== undefined)
    throw graphqlFailure('UNPROCESSABLE', `A path was invalid or given twice: "${problem}"`);
  for (const { path } of deletions) {
    const missing = (await git.object(`${head}:${path}`)) === undefined;
    if (missing)
      throw graphqlFailure(
        'UNPROCESSABLE',
        `A path was requested for deletion which does not exist: ${path}`,
      );
  }
  return [
    ...additions.map(({ path, contents }) => ({ path, content: Buffer.from(contents, 'base64') })),
    ...deletions.map(({ path }) => ({ path, sha: null })),
  ];
}
