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
  writeFileSync(path.join(work, 'z.txt'), '1\n2\n');
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
    ['z.txt', 'added', 2, 0],
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

it('refuses names that Git does not take', async () => {
  const { client } = await cloned();
  const { data: main } = await client.rest.git.getRef({ ...place, ref: 'heads/main' });
  const { sha } = main.object;
  const create = (ref: string) => client.rest.git.createRef({ ...place, ref, sha });
  await expect(create('refs/heads/a..b')).rejects.toThrow(/not a valid ref name/);
  await expect(create('refs/main')).rejects.toThrow(/not a valid ref name/);
  await expect(create('refs/heads/main/deeper')).rejects.toThrow(/Reference update failed/);
  const release = client.rest.repos.createRelease({ ...place, tag_name: 'v 1' });
  await expect(release).rejects.toThrow(/must have a valid tag/);
  const file = { ...place, path: '.git/hooks/update', message: 'Sneak', content: 'eA==' };
  await expect(client.rest.repos.createOrUpdateFileContents(file)).rejects.toThrow(
    /malformed path component/,
  );
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
  const { data: root } = await client.rest.repos.getContent({ ...place, path: '' });
  expect(root).toMatchObject([{ type: 'file', path: 'README.md' }]);
  const { data: raw } = await client.rest.repos.getContent({
    ...place,
    path: 'README.md',
    mediaType: { format: 'raw' },
  });
  expect(raw).toBe('two\n');
});

it('lists commits, branches, tags and trees as Git has them', async () => {
  const { client, repository } = await cloned({ 'prompts/a.yaml': 'a\n', 'b.txt': 'b\n' });
  const file = await repository.git.object('main:b.txt');
  await client.rest.repos.deleteFile({ ...place, path: 'b.txt', message: 'Delete b', sha: file?.sha ?? '' });
  const { data: commits } = await client.rest.repos.listCommits(place);
  expect(commits.map(({ commit }) => commit.message)).toEqual(['Delete b', 'Begin']);
  const { data: of } = await client.rest.repos.listCommits({ ...place, path: 'prompts/a.yaml' });
  expect(of.map(({ commit }) => commit.message)).toEqual(['Begin']);

  const sha = commits[0]?.sha ?? '';
  const { data: tree } = await client.rest.git.getTree({ ...place, tree_sha: 'main', recursive: 'true' });
  expect(tree.tree.map(({ path: name, type }) => `${type} ${name}`)).toEqual([
    'blob README.md',
    'tree prompts',
    'blob prompts/a.yaml',
  ]);
  const blob = tree.tree.at(-1)?.sha ?? '';
  expect((await client.rest.git.getBlob({ ...place, file_sha: blob })).data).toMatchObject({
    content: 'YQo=\n',
    size: 2,
  });

  const tag = { ...place, tag: 'v1', message: 'One', object: sha, type: 'commit' as const };
  const { data: made } = await client.rest.git.createTag(tag);
  await client.rest.git.createRef({ ...place, ref: 'refs/tags/v1', sha: made.sha });
  expect((await client.rest.git.getTag({ ...place, tag_sha: made.sha })).data).toMatchObject({
    tag: 'v1',
    message: 'One',
    object: { sha, type: 'commit' },
  });
  expect((await client.rest.repos.listTags(place)).data).toMatchObject([{ name: 'v1', commit: { sha } }]);

  repository.protections.set('main', { requirePullRequest: true, requiredChecks: ['promptline'] });
  const { data: branches } = await client.rest.repos.listBranches({ ...place, protected: true });
  expect(branches).toMatchObject([{ name: 'main', commit: { sha }, protected: true }]);
  const { data: branch } = await client.rest.repos.getBranch({ ...place, branch: 'main' });
  expect(branch.protection.required_status_checks?.contexts).toEqual(['promptline']);
});

it('tells the protection of a branch to administrators alone', async () => {
  const { emulator, client, repository } = await cloned();
  const owner = clientOf(emulator, emulator.tokens.classic('octo'));
  const main = { ...place, branch: 'main' };
  await expect(owner.rest.repos.getBranchProtection(main)).rejects.toThrow(/Branch not protected/);
  repository.protections.set('main', { requirePullRequest: true });
  const { data } = await owner.rest.repos.getBranchProtection(main);
  expect(data.required_pull_request_reviews).toMatchObject({ required_approving_review_count: 0 });
  await expect(client.rest.repos.getBranchProtection(main)).rejects.toMatchObject({ status: 403 });
  repository.collaborators.set('mona', 'write');
  const mona = clientOf(emulator, emulator.tokens.classic('mona'));
  await expect(mona.rest.repos.getBranchProtection(main)).rejects.toMatchObject({ status: 404 });
  const app = emulator.tokens.installation('prompt-bot', [repository], { administration: 'read' });
  await expect(clientOf(emulator, app).rest.repos.getBranchProtection(main)).resolves.toMatchObject({
    status: 200,
  });
});
