import {
  actorOf,
  bodyOf,
  type Call,
  created,
  gone,
  member,
  ok,
  part,
  type Reply,
  type Route,
  repositoryOf,
} from '../call.ts';
import { notFound, unprocessable, validationFailed } from '../failures.ts';
import { GitError, NO_COMMIT } from '../git.ts';
import { listed } from '../paging.ts';
import { referenceMoved } from '../references.ts';
import type { Release, Repository } from '../state.ts';
import { administers, isAllowed, reads, writes } from '../tokens.ts';
import { releaseView } from '../views/releases.ts';

export const releaseRoutes: readonly Route[] = [
  { id: 'repos/list-releases', needs: reads('contents'), answer: listReleases },
  { id: 'repos/create-release', needs: writes('contents'), answer: createRelease },
  { id: 'repos/get-latest-release', needs: reads('contents'), answer: latestRelease },
  { id: 'repos/get-release-by-tag', needs: reads('contents'), answer: releaseByTag },
  { id: 'repos/get-release', needs: reads('contents'), answer: (call) => ok(viewOf(call, releaseOf(call))) },
  { id: 'repos/update-release', needs: writes('contents'), answer: updateRelease },
  { id: 'repos/delete-release', needs: writes('contents'), answer: deleteRelease },
  { id: 'repos/check-immutable-releases', needs: administers('read'), answer: checkImmutable },
  {
    id: 'repos/enable-immutable-releases',
    needs: administers('write'),
    answer: (call) => setImmutable(call, true),
  },
  {
    id: 'repos/disable-immutable-releases',
    needs: administers('write'),
    answer: (call) => setImmutable(call, false),
  },
];

/** Drafts are there only for those who may write. @throws {ApiFailure} 404 */
export function releaseOf(call: Call): Release {
  const release = member(repositoryOf(call).releases, part(call, 'release_id'));
  if (release.draft && !seesDrafts(call)) throw notFound();
  return release;
}

function seesDrafts(call: Call): boolean {
  return call.token !== undefined && isAllowed(call.token, repositoryOf(call), writes('contents'));
}

function viewOf(call: Call, release: Release) {
  return releaseView(call.github, repositoryOf(call), release);
}

function visible(call: Call): Release[] {
  const all = [...repositoryOf(call).releases.values()].reverse();
  return seesDrafts(call) ? all : all.filter(({ draft }) => !draft);
}

function listReleases(call: Call): Promise<Reply> {
  return listed(call, visible(call), (release) => viewOf(call, release));
}

function latestRelease(call: Call): Reply {
  const release = visible(call).find(({ draft, prerelease }) => !draft && !prerelease);
  if (!release) throw notFound();
  return ok(viewOf(call, release));
}

function releaseByTag(call: Call): Reply {
  const release = visible(call).find(({ draft, tag }) => !draft && tag === part(call, 'tag'));
  if (!release) throw notFound();
  return ok(viewOf(call, release));
}

async function createRelease(call: Call): Promise<Reply> {
  const {
    tag_name,
    target_commitish,
    name = null,
    body = '',
    draft = false,
    prerelease = false,
  } = bodyOf<'repos/create-release'>(call);
  const repository = repositoryOf(call);
  const release: Release = {
    id: call.github.nextId(),
    tag: tag_name,
    target: target_commitish ?? repository.defaultBranch,
    name,
    body,
    draft: true,
    prerelease,
    immutable: false,
    author: actorOf(call),
    createdAt: call.github.now(),
    publishedAt: null,
    assets: [],
  };
  refuseTaken(repository, release);
  if (!draft) {
    await makeTag(call, release);
    publish(call, release);
  }
  repository.releases.set(release.id, release);
  return created(viewOf(call, release));
}

async function updateRelease(call: Call): Promise<Reply> {
  const change = bodyOf<'repos/update-release'>(call);
  const release = releaseOf(call);
  const { tag_name: tag = release.tag, target_commitish: target = release.target } = change;
  if (release.immutable && (tag !== release.tag || target !== release.target || change.draft === true)) {
    throw unprocessable('Cannot update the tag of an immutable release.');
  }
  const next = { ...release, tag, target };
  refuseTaken(repositoryOf(call), next);
  const publishes = change.draft === false && release.draft;
  if (publishes) {
    await makeTag(call, next);
    publish(call, next);
  }
  Object.assign(release, next, {
    name: change.name ?? release.name,
    body: change.body ?? release.body,
    prerelease: change.prerelease ?? release.prerelease,
    draft: change.draft ?? release.draft,
  });
  call.github.emit(call.token, repositoryOf(call), 'release', 'edited', release.tag);
  return ok(viewOf(call, release));
}

/** Makes the tag where it is missing. @throws {ApiFailure} 422 for a tag that an immutable release had */
async function makeTag(call: Call, { tag, target }: Release): Promise<void> {
  const { github, token } = call;
  const repository = repositoryOf(call);
  const { git, burnedTags } = repository;
  const ref = `refs/tags/${tag}`;
  const exists = (await git.reference(ref)) !== undefined;
  if (burnedTags.has(tag)) throw burned(exists);
  if (exists) return;
  if (!(await git.isReferenceName(ref))) throw noTag();
  const to = await git.resolve(target);
  if (to === undefined)
    throw validationFailed({ resource: 'Release', code: 'invalid', field: 'target_commitish' });
  try {
    await git.update(ref, NO_COMMIT, to);
  } catch (error) {
    // Another request was faster; which of the two releases gets the tag is decided when it is published.
    if (error instanceof GitError && (await git.reference(ref))) return;
    throw error instanceof GitError ? noTag() : error;
  }
  await referenceMoved(github, repository, token, { ref, from: NO_COMMIT, to });
}

/** From here on, tag and assets are final in a repository with immutable releases. Asks nothing of Git, so that two cannot interleave. */
function publish(call: Call, release: Release): void {
  const { github, token } = call;
  const repository = repositoryOf(call);
  refuseTaken(repository, release);
  if (repository.burnedTags.has(release.tag)) throw burned(true);
  release.draft = false;
  release.publishedAt = github.now();
  release.immutable = repository.immutableReleases;
  if (release.immutable) repository.burnedTags.add(release.tag);
  github.emit(token, repository, 'release', 'published', release.tag);
}

function burned(tagExists: boolean) {
  const used = { resource: 'Release', code: 'custom', field: 'tag_name' };
  const message = 'tag_name was used by an immutable release';
  if (tagExists) return validationFailed({ ...used, message });
  const rule = 'Cannot create ref due to creations being restricted.';
  return validationFailed(
    { ...used, field: 'pre_receive', message: `pre_receive Repository rule violations found\n\n${rule}\n\n` },
    { ...used, message },
    WITHOUT_TAG,
  );
}

const WITHOUT_TAG = {
  resource: 'Release',
  code: 'custom',
  message: 'Published releases must have a valid tag',
};

function noTag() {
  return validationFailed({ resource: 'Release', code: 'invalid', field: 'tag_name' }, WITHOUT_TAG);
}

/** Only drafts may share a tag. @throws {ApiFailure} 422 */
function refuseTaken({ releases }: Repository, { id, tag }: Release): void {
  const taken = [...releases.values()].some((other) => other.id !== id && !other.draft && other.tag === tag);
  if (taken) throw validationFailed({ resource: 'Release', code: 'already_exists', field: 'tag_name' });
}

/** The tag stays, and so does the memory of an immutable release's tag. */
function deleteRelease(call: Call): Reply {
  const release = releaseOf(call);
  repositoryOf(call).releases.delete(release.id);
  call.github.emit(call.token, repositoryOf(call), 'release', 'deleted', release.tag);
  return gone;
}

/** @throws {ApiFailure} 404 where it is off */
function checkImmutable(call: Call): Reply {
  if (!repositoryOf(call).immutableReleases) throw notFound();
  return ok({ enabled: true, enforced_by_owner: false });
}

function setImmutable(call: Call, on: boolean): Reply {
  repositoryOf(call).immutableReleases = on;
  return gone;
}
