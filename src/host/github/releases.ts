import { createHash } from 'node:crypto';
import { RequestError } from '@octokit/request-error';
import {
  BurnedTagError,
  type PublishedRelease,
  type ReleaseAsset,
  type ReleaseDraft,
  type ReleaseHost,
} from '../release-host.ts';
import type { GitHubClient } from './client.ts';
import { createOnce, unrepeated } from './create-once.ts';
import { asked, askedFor, statusOf } from './failures.ts';
import type { Repository } from './repository.ts';

const reading = { doing: 'read releases', permission: 'contents: read' };
const writing = { doing: 'write a release', permission: 'contents: write' };

/** First line of the notes of releases that promptline makes: a draft of someone else's is never published. */
const mark = '<!-- promptline release -->';

type Draft = {
  readonly id: number;
  readonly upload_url: string;
  readonly name: string | null;
  readonly body?: string | null;
  readonly target_commitish: string;
};

/** Releases of a repository on GitHub. */
export function releasesOf(client: GitHubClient, repository: Repository): ReleaseHost {
  const { owner, repo } = repository;
  const published = async (tag: string): Promise<PublishedRelease | null> => {
    const found = await askedFor(reading, () => client.rest.repos.getReleaseByTag({ owner, repo, tag }));
    return found && { tag, url: found.data.html_url };
  };
  return {
    async tagsBeginning(prefix) {
      const { data: refs } = await asked(reading, () =>
        client.rest.git.listMatchingRefs({ owner, repo, ref: `tags/${prefix}` }),
      );
      return new Map(refs.map(({ ref, object }) => [ref.replace(/^refs\/tags\//, ''), object.sha]));
    },
    publishedRelease: published,
    async publishRelease(wanted) {
      const before = await published(wanted.tag);
      if (before) return before;
      try {
        return await asked(writing, () => publish(client, repository, wanted));
      } catch (error) {
        // Another run may have published it meanwhile, from this draft or from one of its own.
        const now = await published(wanted.tag);
        if (now) return now;
        throw error;
      }
    },
  };
}

async function publish(
  client: GitHubClient,
  repository: Repository,
  wanted: ReleaseDraft,
): Promise<PublishedRelease> {
  const { owner, repo } = repository;
  const { tag, commit, title } = wanted;
  const body = `${mark}\n${wanted.notes}`;
  const draft = await createOnce<Draft>(
    () => findDraft(client, repository, tag),
    async () => {
      const { data } = await client.rest.repos.createRelease({
        owner,
        repo,
        tag_name: tag,
        target_commitish: commit,
        name: title,
        body,
        draft: true,
        request: unrepeated,
      });
      return data;
    },
  );
  await putAssets(client, repository, draft, wanted.assets);
  try {
    const { data } = await client.rest.repos.updateRelease({
      owner,
      repo,
      release_id: draft.id,
      tag_name: tag,
      target_commitish: commit,
      name: title,
      body,
      draft: false,
      // The newest release of the repository is its software's.
      make_latest: 'false',
    });
    return { tag, url: data.html_url };
  } catch (error) {
    throw isBurned(error) ? burned(tag, error) : error;
  }
}

async function findDraft(
  client: GitHubClient,
  { owner, repo }: Repository,
  tag: string,
): Promise<Draft | null> {
  const pages = client.paginate.iterator(client.rest.repos.listReleases, { owner, repo, per_page: 100 });
  for await (const { data } of pages) {
    const found = data.find(
      (release) => release.draft && release.tag_name === tag && release.body?.startsWith(mark),
    );
    if (found) return found;
  }
  return null;
}

/** Uploads what is missing, and what of a killed run differs or never arrived whole. */
async function putAssets(
  client: GitHubClient,
  repository: Repository,
  draft: Draft,
  assets: readonly ReleaseAsset[],
): Promise<void> {
  if (assets.length === 0) return;
  const before = await assetsOf(client, repository, draft);
  for (const asset of assets) {
    const named = (all: readonly GivenAsset[]) => all.find(({ name }) => name === asset.name) ?? null;
    let looked = false;
    await createOnce<true>(
      async () => {
        const found = named(looked ? await assetsOf(client, repository, draft) : before);
        looked = true;
        if (found && isWhole(found, asset)) return true;
        if (found) await removeAsset(client, repository, found);
        return null;
      },
      async () => {
        await client.request(`POST ${draft.upload_url}`, {
          name: asset.name,
          data: asset.content,
          headers: { 'content-type': asset.contentType },
          request: unrepeated,
        });
        return true;
      },
    );
  }
}

type GivenAsset = {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly digest: string | null;
};

function assetsOf(
  client: GitHubClient,
  { owner, repo }: Repository,
  { id }: Draft,
): Promise<readonly GivenAsset[]> {
  return client.paginate(client.rest.repos.listReleaseAssets, { owner, repo, release_id: id, per_page: 100 });
}

function isWhole({ state, digest }: GivenAsset, { content }: ReleaseAsset): boolean {
  return state === 'uploaded' && digest === `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** Of a draft: nobody has seen it. Another run at the same work may have been faster. */
async function removeAsset(
  client: GitHubClient,
  { owner, repo }: Repository,
  { id }: GivenAsset,
): Promise<void> {
  await askedFor(writing, () => client.rest.repos.deleteReleaseAsset({ owner, repo, asset_id: id }));
}

/**
 * GitHub says so in the list of errors, and in the message that Octokit makes of it. That it restricts the creation of the tag is in the
 * list too, and is also what a rule of the repository's own says.
 */
function isBurned(error: unknown): boolean {
  return (
    statusOf(error) === 422 &&
    error instanceof RequestError &&
    /used by an immutable release/.test(error.message)
  );
}

function burned(tag: string, cause: unknown): BurnedTagError {
  return new BurnedTagError('input', `the tag ${tag} belonged to an immutable release that was deleted`, {
    hint: 'GitHub never gives such a name out again: raise the version',
    cause,
  });
}
