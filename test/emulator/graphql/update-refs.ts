import { GitError, NO_COMMIT } from '../git.ts';
import { type GitHub, repositoryNodeId } from '../github.ts';
import { type Move, referenceMoved, refusalOf } from '../references.ts';
import type { Repository } from '../state.ts';
import type { Token } from '../tokens.ts';
import { refuseToken } from './commit.ts';
import { graphqlFailure } from './objects.ts';

type RefUpdate = { name: string; afterOid: string; beforeOid?: string; force?: boolean };
type Input = { repositoryId: string; refUpdates: RefUpdate[]; clientMutationId?: string };

/** The mutation that moves several references together or none, each only if it still is where the caller thinks. */
export function updateRefs(github: GitHub, token: Token) {
  return async ({ input }: { input: Input }) => {
    const { repositoryId, refUpdates, clientMutationId = null } = input;
    const repository = [...github.repositories.values()].find(
      (each) => repositoryNodeId(each) === repositoryId,
    );
    if (!repository) {
      throw graphqlFailure(
        'NOT_FOUND',
        `Could not resolve to a node with the global id of '${repositoryId}'.`,
      );
    }
    refuseToken(token, repository);
    const moves: Move[] = [];
    for (const update of refUpdates) moves.push(await moveOf(repository, update));
    for (const move of moves) {
      const refusal = refusalOf(repository, token, move);
      if (refusal !== undefined) {
        throw graphqlFailure('UNPROCESSABLE', `Repository rule violations found\n\n${refusal}\n\n`);
      }
    }
    await repository.git.updateTogether(moves).catch((error: unknown) => {
      throw error instanceof GitError
        ? graphqlFailure('UNPROCESSABLE', 'A ref is no longer where it was said to be.')
        : error;
    });
    for (const move of moves) await referenceMoved(github, repository, token, move);
    return { clientMutationId };
  };
}

async function moveOf(
  { git }: Repository,
  { name, afterOid, beforeOid, force = false }: RefUpdate,
): Promise<Move> {
  const from = beforeOid ?? (await git.resolve(name)) ?? NO_COMMIT;
  const isNewOrGone = from === NO_COMMIT || afterOid === NO_COMMIT;
  if (!force && !isNewOrGone && !(await git.isAncestor(from, afterOid))) {
    throw graphqlFailure('UNPROCESSABLE', `${name} cannot be moved: not a fast forward.`);
  }
  return { ref: name, from, to: afterOid };
}
