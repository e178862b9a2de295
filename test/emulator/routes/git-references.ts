import { bodyOf, type Call, created, gone, ok, part, type Reply, type Route, repositoryOf } from '../call.ts';
import { notFound, unprocessable } from '../failures.ts';
import { NO_COMMIT, type Reference } from '../git.ts';
import { moveReference } from '../references.ts';
import { nodeId, type Schemas } from '../state.ts';
import { reads, writes } from '../tokens.ts';
import { repositoryUrl } from '../views/repositories.ts';

export const gitReferenceRoutes: readonly Route[] = [
  {
    id: 'git/get-ref',
    needs: reads('contents'),
    answer: async (call) => ok(viewOf(call, await referenceOf(call))),
  },
  { id: 'git/list-matching-refs', needs: reads('contents'), answer: listMatching },
  { id: 'git/create-ref', needs: writes('contents'), answer: createReference },
  { id: 'git/update-ref', needs: writes('contents'), answer: updateReference },
  { id: 'git/delete-ref', needs: writes('contents'), answer: deleteReference },
];

function viewOf(call: Call, { ref, sha, type }: Reference): Schemas['git-ref'] {
  const repository = repositoryOf(call);
  const url = repositoryUrl(call.github, repository);
  return {
    ref,
    node_id: nodeId('REF', repository.id, ref),
    url: `${url}/git/${ref}`,
    object: { type, sha, url: `${url}/git/${type}s/${sha}` },
  };
}

/** @throws {ApiFailure} 404 */
async function referenceOf(call: Call): Promise<Reference> {
  const reference = await repositoryOf(call).git.reference(`refs/${part(call, 'ref')}`);
  if (!reference) throw notFound();
  return reference;
}

async function listMatching(call: Call): Promise<Reply> {
  const found = await repositoryOf(call).git.references(`refs/${part(call, 'ref')}`);
  return ok(found.map((reference) => viewOf(call, reference)));
}

async function createReference(call: Call): Promise<Reply> {
  const { ref, sha } = bodyOf<'git/create-ref'>(call);
  const { github, token } = call;
  const repository = repositoryOf(call);
  if (!/^refs\/[^/]+\/./.test(ref) || !(await repository.git.isReferenceName(ref))) {
    throw unprocessable(`${ref} is not a valid ref name.`);
  }
  const { type } = await objectOf(call, sha);
  if (await repository.git.reference(ref)) throw unprocessable('Reference already exists');
  await moveReference(github, repository, token, { ref, from: NO_COMMIT, to: sha });
  return created(viewOf(call, { ref, sha, type }));
}

async function updateReference(call: Call): Promise<Reply> {
  const { sha, force = false } = bodyOf<'git/update-ref'>(call);
  const { github, token } = call;
  const repository = repositoryOf(call);
  const old = await repository.git.reference(`refs/${part(call, 'ref')}`);
  if (!old) throw unprocessable('Reference does not exist');
  const { type } = await objectOf(call, sha);
  if (!force && (await repository.git.mergeBase(old.sha, sha)) !== old.sha) {
    throw unprocessable('Update is not a fast forward');
  }
  await moveReference(github, repository, token, { ref: old.ref, from: old.sha, to: sha });
  return ok(viewOf(call, { ref: old.ref, sha, type }));
}

async function deleteReference(call: Call): Promise<Reply> {
  const { github, token } = call;
  const repository = repositoryOf(call);
  const old = await repository.git.reference(`refs/${part(call, 'ref')}`);
  if (!old) throw unprocessable('Reference does not exist');
  if (old.ref === `refs/heads/${repository.defaultBranch}`)
    throw unprocessable('Cannot delete the default branch');
  await moveReference(github, repository, token, { ref: old.ref, from: old.sha, to: NO_COMMIT });
  return gone;
}

/** @throws {ApiFailure} 422 for an object that is not there */
async function objectOf(call: Call, sha: string): Promise<{ type: string }> {
  const object = /^[0-9a-f]{40}$/.test(sha) ? await repositoryOf(call).git.object(sha) : undefined;
  if (!object) throw unprocessable('Object does not exist');
  return object;
}
