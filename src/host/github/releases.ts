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
      const refs = await asked(reading, () =>
        client.paginate(client.rest.git.listMatchingRefs, {
          owner,
          repo,
          ref: `tags/${prefix}`,
          per_page: 100,
        }),
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
  for (const asset of wanted.assets) await putAsset(client, repository, draft, asset);
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

/** Uploads a file, in place of one of a killed run that differs or never arrived whole. */
async function putAsset(
  client: GitHubClient,
  { owner, repo }: Repository,
  draft: Draft,
  asset: ReleaseAsset,
): Promise<void> {
  const digest = `sha256:${createHash('sha256').update(asset.content).digest('hex')}`;
  await createOnce<true>(
    async () => {
      const there = await client.paginate(client.rest.repos.listReleaseAssets, {
        owner,
        repo,
        release_id: draft.id,
        per_page: 100,
      });
      const found = there.find(({ name }) => name === asset.name);
      if (!found) return null;
      if (found.state === 'uploaded' && found.digest === digest) return true;
      await client.rest.repos.deleteReleaseAsset({ owner, repo, asset_id: found.id });
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

/** GitHub says so in the list of errors, and in the message that Octokit makes of it. */
function isBurned(error: unknown): boolean {
  return (
    statusOf(error) === 422 &&
    error instanceof RequestError &&
    /used by an immutable release|creations being restricted/.test(error.message)
  );
}

function burned(tag: string, cause: unknown): BurnedTagError {
  return new BurnedTagError('outside', `the tag ${tag} belonged to an immutable release that was deleted`, {
    hint: 'GitHub never gives such a name out again: raise the version',
    cause,
  });
}
