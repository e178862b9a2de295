import {
  actorOf,
  type Call,
  created,
  gone,
  ok,
  part,
  type Reply,
  type Route,
  repositoryOf,
} from '../call.ts';
import { notFound, unprocessable, validationFailed } from '../failures.ts';
import { listed } from '../paging.ts';
import type { Asset, Release } from '../state.ts';
import { reads, writes } from '../tokens.ts';
import { assetView, downloadPath } from '../views/releases.ts';
import { releaseOf } from './releases.ts';

export const assetRoutes: readonly Route[] = [
  { id: 'repos/list-release-assets', needs: reads('contents'), answer: listAssets },
  { id: 'repos/upload-release-asset', needs: writes('contents'), answer: uploadAsset },
  { id: 'repos/get-release-asset', needs: reads('contents'), answer: getAsset },
  { id: 'repos/delete-release-asset', needs: writes('contents'), answer: deleteAsset },
];

function find(call: Call): { release: Release; asset: Asset } {
  for (const release of repositoryOf(call).releases.values()) {
    const asset = release.assets.find(({ id }) => id === Number(part(call, 'asset_id')));
    if (asset) return { release, asset };
  }
  throw notFound();
}

function listAssets(call: Call): Promise<Reply> {
  const release = releaseOf(call);
  return listed(call, release.assets, (asset) => assetView(call.github, repositoryOf(call), release, asset));
}

function uploadAsset(call: Call): Reply {
  const { github, query, bytes, contentType } = call;
  const release = releaseOf(call);
  const name = renamed(query['name'] ?? '');
  if (release.immutable) throw unprocessable('Cannot upload assets to an immutable release.');
  if (release.assets.some((asset) => asset.name === name)) {
    throw validationFailed({ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' });
  }
  if (bytes.length === 0) throw validationFailed({ resource: 'ReleaseAsset', code: 'custom', field: 'size' });
  const asset: Asset = {
    id: github.nextId(),
    name,
    label: query['label'] ?? '',
    contentType,
    content: bytes,
    uploader: actorOf(call),
    createdAt: github.now(),
  };
  release.assets.push(asset);
  return created(assetView(github, repositoryOf(call), release, asset));
}

/** GitHub changes the names of files with special characters; which ones it does not say, so that this keeps letters of ASCII only. */
function renamed(name: string): string {
  return name.replace(/[^\w.-]+/g, '.').replace(/^\.+|\.+$/g, '');
}

function getAsset(call: Call): Reply {
  const { github, accept } = call;
  const { release, asset } = find(call);
  if (!accept.includes('application/octet-stream'))
    return ok(assetView(github, repositoryOf(call), release, asset));
  const place = downloadPath(repositoryOf(call), release, asset);
  github.storage.set(place, { type: asset.contentType, content: asset.content });
  return { status: 302, headers: { location: github.urls.server + place } };
}

function deleteAsset(call: Call): Reply {
  const { release, asset } = find(call);
  if (release.immutable) throw unprocessable('Cannot delete asset from an immutable release.');
  release.assets = release.assets.filter((each) => each !== asset);
  return gone;
}
