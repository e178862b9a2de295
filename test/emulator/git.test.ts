import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { scratchFolder } from '../files/scratch.ts';
import type { Emulator } from './emulator.ts';
import { gitEnvironment } from './git.ts';
import { clientOf, runningEmulator } from './running.ts';

const place = { owner: 'octo', repo: 'app' };
const run = promisify(execFile);

function git(cwd: string, ...args: string[]) {
  const person = ['-c', 'user.name=Octo', '-c', 'user.email=octo@example.com'];
  return run('git', [...person, ...args], { cwd, env: gitEnvironment });
}

function address({ urls }: Emulator, token: string): string {
  return `${urls.server.replace('//', `//x-access-token:${token}@`)}/octo/app.git`;
}

async function cloned(files: Record<string, string> = {}, permissions: 'read' | 'write' = 'write') {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app', { files: { 'README.md': 'one\n', ...files } });
  const token = emulator.tokens.workflow(repository, { contents: permissions, 'pull-requests': 'write' });
  const folder = scratchFolder();
  await git(folder, 'clone', '--quiet', address(emulator, token), 'app');
  return { emulator, repository, token, work: path.join(folder, 'app'), client: clientOf(emulator, token) };
}

it('shows a push through REST at once, and a change through REST to the next fetch', async () => {
  const { work, client } = await cloned();
  writeFileSync(path.join(work, 'README.md'), 'two\n');
  await git(work, 'commit', '--quiet', '-am', 'Change');
  await git(work, 'push', '--quiet', 'origin', 'HEAD:refs/heads/topic');
  const { stdout } = await git(work, 'rev-parse', 'HEAD');
  const { data: reference } = await client.rest.git.getRef({ ...place, ref: 'heads/topic' });
  expect(reference.object.sha).toBe(stdout.trim());

  await client.rest.repos.createOrUpdateFileContents({
    ...place,
    path: 'docs/new file.md',
    message: 'Add',
    content: Buffer.from('three\n').toString('base64'),
    branch: 'topic',
  });
  await git(work, 'pull', '--quiet', '--ff-only', 'origin', 'topic');
  expect(readFileSync(path.join(work, 'docs/new file.md'), 'utf8')).toBe('three\n');
});

it('compares as Git does: merge base, files with patches, renames', async () => {
  const long = Array.from({ length: 20 }, (_, line) => `line ${line}`).join('\n');
  const { work, client } = await cloned({ 'old name.txt': long, 'gone.txt': 'x\n' });
  await git(work, 'checkout', '--quiet', '-b', 'topic');
  await git(work, 'mv', 'old name.txt', 'new name.txt');
  await git(work, 'rm', '--quiet', 'gone.txt');
  writeFileSync(path.join(work, 'README.md'), 'one\n++two\n');
  writeFileSync(path.join(work, 'picture.png'), Buffer.from([0, 1, 2, 0]));
  await git(work, 'add', '--all');
  await git(work, 'commit', '--quiet', '-m', 'Change all');
  await git(work, 'push', '--quiet', 'origin', 'topic');
  const { data } = await client.rest.repos.compareCommitsWithBasehead({ ...place, basehead: 'main...topic' });
  expect(data).toMatchObject({ status: 'ahead', ahead_by: 1, behind_by: 0, total_commits: 1 });
  const files = data.files?.map((file) => [file.filename, file.status, file.additions, file.deletions]);
  expect(files).toEqual([
    ['README.md', 'modified', 1, 0],
    ['gone.txt', 'removed', 0, 1],
    ['new name.txt', 'renamed', 0, 0],
    ['picture.png', 'added', 0, 0],
  ]);
  expect(data.files?.[0]?.patch).toBe('@@ -1 +1,2 @@\n one\n+++two');
  expect(data.files?.[2]?.previous_filename).toBe('old name.txt');
  expect(data.files?.[3]?.patch).toBeUndefined();
});

it('refuses pushes to a protected branch and with a token that only reads', async () => {
  const { work, repository, client } = await cloned();
  repository.protections.set('main', { requirePullRequest: true });
  await git(work, 'commit', '--quiet', '--allow-empty', '-m', 'Sneak');
  await expect(git(work, 'push', 'origin', 'HEAD:main')).rejects.toThrow(
    /GH006: Protected branch update failed/,
  );
  await git(work, 'push', '--quiet', 'origin', 'HEAD:refs/heads/topic');
  const { data: topic } = await client.rest.git.getRef({ ...place, ref: 'heads/topic' });
  const update = client.rest.git.updateRef({ ...place, ref: 'heads/main', sha: topic.object.sha });
  await expect(update).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('pull request'),
  });

  const reader = await cloned({}, 'read');
  await git(reader.work, 'commit', '--quiet', '--allow-empty', '-m', 'Sneak');
  const push = git(reader.work, 'push', 'origin', 'HEAD:main');
  await expect(push).rejects.toThrow(/Write access to repository not granted/);
});

it('builds commits from blobs and trees, and moves a branch only forward unless forced', async () => {
  const { client } = await cloned();
  const { data: main } = await client.rest.git.getRef({ ...place, ref: 'heads/main' });
  const { data: base } = await client.rest.git.getCommit({ ...place, commit_sha: main.object.sha });
  const { data: blob } = await client.rest.git.createBlob({ ...place, content: 'made\n' });
  const { data: tree } = await client.rest.git.createTree({
    ...place,
    base_tree: base.tree.sha,
    tree: [{ path: 'deep/er/made.txt', mode: '100644', type: 'blob', sha: blob.sha }],
  });
  const { data: commit } = await client.rest.git.createCommit({
    ...place,
    message: 'Make\n\nwith a body',
    tree: tree.sha,
    parents: [base.sha],
  });
  expect(commit.verification.verified).toBe(true);
  await client.rest.git.createRef({ ...place, ref: 'refs/heads/made', sha: commit.sha });
  const again = client.rest.git.createRef({ ...place, ref: 'refs/heads/made', sha: commit.sha });
  await expect(again).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('already exists'),
  });
  const { data: file } = await client.rest.repos.getContent({
    ...place,
    path: 'deep/er/made.txt',
    ref: 'made',
  });
  expect(file).toMatchObject({ type: 'file', content: 'bWFkZQo=\n', sha: blob.sha });
  const back = { ...place, ref: 'heads/made', sha: base.sha };
  await expect(client.rest.git.updateRef(back)).rejects.toThrow(/not a fast forward/);
  await client.rest.git.updateRef({ ...back, force: true });
  await client.rest.git.deleteRef({ ...place, ref: 'heads/made' });
  await expect(client.rest.git.getRef({ ...place, ref: 'heads/made' })).rejects.toMatchObject({
    status: 404,
  });
});

it('refuses to change a file that is not what the caller thinks', async () => {
  const { client } = await cloned();
  const change = { ...place, path: 'README.md', message: 'Change', content: 'dHdvCg==' };
  await expect(client.rest.repos.createOrUpdateFileContents(change)).rejects.toMatchObject({ status: 422 });
  const stale = { ...change, sha: '0'.repeat(40) };
  await expect(client.rest.repos.createOrUpdateFileContents(stale)).rejects.toMatchObject({ status: 409 });
  const { data: file } = await client.rest.repos.getContent({ ...place, path: 'README.md' });
  if (Array.isArray(file)) throw new Error('a folder');
  await client.rest.repos.createOrUpdateFileContents({ ...change, sha: file.sha });
  const { data: raw } = await client.rest.repos.getContent({
    ...place,
    path: 'README.md',
    mediaType: { format: 'raw' },
  });
  expect(raw).toBe('two\n');
});
