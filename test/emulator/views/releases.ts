import { createHash } from 'node:crypto';
import type { GitHub } from '../github.ts';
import { type Asset, nodeId, type Release, type Repository, type Schemas } from '../state.ts';
import { accountView } from './accounts.ts';
import { pageUrl, repositoryUrl } from './repositories.ts';

export function releaseView(github: GitHub, repository: Repository, release: Release): Schemas['release'] {
  const url = repositoryUrl(github, repository);
  const self = `${url}/releases/${release.id}`;
  const uploads = self.replace(github.urls.api, github.urls.uploads);
  // A draft has no tag to link to.
  const name = release.draft ? `untagged-${release.id}` : release.tag;
  return {
    url: self,
    assets_url: `${self}/assets`,
    upload_url: `${uploads}/assets{?name,label}`,
    html_url: `${pageUrl(github, repository)}/releases/tag/${encodeURI(name)}`,
    id: release.id,
    node_id: nodeId('RE', release.id),
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    body: release.body,
    draft: release.draft,
    prerelease: release.prerelease,
    immutable: release.immutable,
    created_at: release.createdAt,
    updated_at: release.publishedAt ?? release.createdAt,
    published_at: release.publishedAt,
    tarball_url: release.draft ? null : `${url}/tarball/${encodeURI(release.tag)}`,
    zipball_url: release.draft ? null : `${url}/zipball/${encodeURI(release.tag)}`,
    author: accountView(github, release.author),
    assets: release.assets.map((asset) => assetView(github, repository, release, asset)),
  };
}

export function downloadPath(repository: Repository, { tag, draft, id }: Release, { name }: Asset): string {
  const folder = draft ? `untagged-${id}` : encodeURIComponent(tag);
  return `/${repository.owner.login}/${repository.name}/releases/download/${folder}/${encodeURIComponent(name)}`;
}

export function assetView(
  github: GitHub,
  repository: Repository,
  release: Release,
  asset: Asset,
): Schemas['release-asset'] {
  return {
    url: `${repositoryUrl(github, repository)}/releases/assets/${asset.id}`,
    browser_download_url: github.urls.server + downloadPath(repository, release, asset),
    id: asset.id,
    node_id: nodeId('RA', asset.id),
    name: asset.name,
    label: asset.label,
    state: 'uploaded',
    content_type: asset.contentType,
    size: asset.content.length,
    digest: `sha256:${createHash('sha256').update(asset.content).digest('hex')}`,
    download_count: 0,
    created_at: asset.createdAt,
    updated_at: asset.createdAt,
    uploader: accountView(github, asset.uploader),
  };
}
