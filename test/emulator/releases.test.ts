import { expect, it } from 'vitest';
import { clientOf, runningEmulator } from './running.ts';

const place = { owner: 'octo', repo: 'app' };

async function started(immutableReleases = false) {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app', { immutableReleases });
  const client = clientOf(emulator, emulator.tokens.workflow(repository, { contents: 'write' }));
  const upload = (url: string, name: string, data: string) =>
    client.request(`POST ${url}`, {
      name,
      data,
      headers: { 'content-type': 'application/json' },
    });
  return { emulator, repository, client, upload };
}

it('drafts, takes assets, publishes: the tag comes with the publication', async () => {
  const { emulator, client, repository, upload } = await started();
  const { data: draft } = await client.rest.repos.createRelease({
    ...place,
    tag_name: 'v1',
    name: 'One',
    draft: true,
  });
  expect(draft.draft).toBe(true);
  expect(await repository.git.reference('refs/tags/v1')).toBeUndefined();
  await upload(draft.upload_url, 'manifest.json', '{"v":1}');
  const anyone = await fetch(`${emulator.urls.api}/repos/octo/app/releases/${draft.id}`);
  expect(anyone.status).toBe(404);
  await expect(client.rest.repos.getReleaseByTag({ ...place, tag: 'v1' })).rejects.toMatchObject({
    status: 404,
  });
  await client.rest.repos.updateRelease({ ...place, release_id: draft.id, draft: false });
  const { data: release } = await client.rest.repos.getLatestRelease(place);
  expect(release).toMatchObject({ tag_name: 'v1', draft: false, immutable: false, assets: [{ size: 7 }] });
  expect(await repository.git.resolve('refs/tags/v1')).toBe(await repository.git.resolve('main'));
  const { data: bytes } = await client.rest.repos.getReleaseAsset({
    ...place,
    asset_id: release.assets[0]?.id ?? 0,
    headers: { accept: 'application/octet-stream' },
  });
  expect(JSON.stringify(bytes)).toContain('v');
  await expect(upload(draft.upload_url, 'manifest.json', 'again')).rejects.toMatchObject({
    status: 422,
    response: { data: { errors: [{ resource: 'ReleaseAsset', code: 'already_exists' }] } },
  });
});

it('never changes an immutable release, and never frees its tag', async () => {
  const { client, repository, upload } = await started(true);
  const publish = () => client.rest.repos.createRelease({ ...place, tag_name: 'v1' });
  const { data: release } = await publish();
  expect(release.immutable).toBe(true);
  const late = upload(release.upload_url, 'late.json', '{}');
  await expect(late).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('Cannot upload assets to an immutable release.'),
  });
  const tag = { ...place, ref: 'tags/v1' };
  await expect(client.rest.git.deleteRef(tag)).rejects.toMatchObject({ status: 422 });
  const again = { ...place, release_id: release.id };
  await expect(client.rest.repos.updateRelease({ ...again, tag_name: 'v2' })).rejects.toMatchObject({
    status: 422,
  });
  await expect(client.rest.repos.updateRelease({ ...again, body: 'notes' })).resolves.toMatchObject({
    status: 200,
  });

  await client.rest.repos.deleteRelease(again);
  const used = { message: 'tag_name was used by an immutable release' };
  await expect(publish()).rejects.toMatchObject({ status: 422, response: { data: { errors: [used] } } });
  await client.rest.git.deleteRef(tag);
  await expect(publish()).rejects.toMatchObject({
    response: { data: { errors: [{ field: 'pre_receive' }, used, {}] } },
  });
  const sha = (await repository.git.resolve('main')) ?? '';
  const create = client.rest.git.createRef({ ...place, ref: 'refs/tags/v1', sha });
  await expect(create).rejects.toThrow(/creations being restricted/);
  const { data: draft } = await client.rest.repos.createRelease({ ...place, tag_name: 'v1', draft: true });
  const late2 = client.rest.repos.updateRelease({ ...place, release_id: draft.id, draft: false });
  await expect(late2).rejects.toMatchObject({ status: 422 });
  await expect(client.rest.repos.createRelease({ ...place, tag_name: 'v2' })).resolves.toMatchObject({
    status: 201,
  });
});

it('moves a floating tag that has no release', async () => {
  const { client, repository } = await started(true);
  const sha = (await repository.git.resolve('main')) ?? '';
  await client.rest.git.createRef({ ...place, ref: 'refs/tags/v1', sha });
  await client.rest.repos.createOrUpdateFileContents({ ...place, path: 'x', message: 'x', content: 'eA==' });
  const next = (await repository.git.resolve('main')) ?? '';
  await client.rest.git.updateRef({ ...place, ref: 'tags/v1', sha: next, force: true });
  expect(await repository.git.resolve('refs/tags/v1')).toBe(next);
  const { data: refs } = await client.rest.git.listMatchingRefs({ ...place, ref: 'tags/v' });
  expect(refs).toMatchObject([{ ref: 'refs/tags/v1', object: { sha: next, type: 'commit' } }]);
});

it.each([false, true])('lets one of two racing releases have the tag (immutable: %s)', async (immutable) => {
  const { client } = await started(immutable);
  const publish = () => client.rest.repos.createRelease({ ...place, tag_name: 'v1' });
  const results = await Promise.allSettled([publish(), publish()]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const { data: releases } = await client.rest.repos.listReleases(place);
  expect(releases).toHaveLength(1);
});

it('lets an administrator make releases immutable, and assets be deleted before', async () => {
  const { emulator, client, upload } = await started();
  const owner = clientOf(emulator, emulator.tokens.classic('octo'));
  await expect(owner.rest.repos.checkImmutableReleases(place)).rejects.toMatchObject({ status: 404 });
  const { data: release } = await client.rest.repos.createRelease({ ...place, tag_name: 'v1' });
  await upload(release.upload_url, 'a.json', '{}');
  const assets = async () =>
    (await client.rest.repos.listReleaseAssets({ ...place, release_id: release.id })).data;
  const asset_id = (await assets())[0]?.id ?? 0;
  await client.rest.repos.deleteReleaseAsset({ ...place, asset_id });
  expect(await assets()).toEqual([]);
  await expect(client.rest.repos.enableImmutableReleases(place)).rejects.toMatchObject({ status: 403 });
  await owner.rest.repos.enableImmutableReleases(place);
  expect((await owner.rest.repos.checkImmutableReleases(place)).data.enabled).toBe(true);
  expect((await client.rest.repos.createRelease({ ...place, tag_name: 'v2' })).data.immutable).toBe(true);
  await owner.rest.repos.disableImmutableReleases(place);
  expect((await client.rest.repos.createRelease({ ...place, tag_name: 'v3' })).data.immutable).toBe(false);
});
