import { expect, it } from 'vitest';
import type { Emulator } from './emulator.ts';
import { eventsOf } from './payloads.ts';
import { clientOf, runningEmulator } from './running.ts';
import type { Repository } from './state.ts';

const place = { owner: 'octo', repo: 'app' };

async function started() {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app', { files: { 'prompt.yaml': 'one\n' } });
  const owner = clientOf(emulator, emulator.tokens.classic('octo'));
  return { emulator, repository, owner };
}

/** A commit on a new branch, as someone pushes it. */
async function change(
  emulator: Emulator,
  repository: Repository,
  branch: string,
  content: string,
  login = 'octo',
) {
  const client = clientOf(emulator, emulator.tokens.classic(login));
  const where = { owner: repository.owner.login, repo: repository.name };
  const sha = await repository.git.text('rev-parse', 'main');
  if (!(await repository.git.reference(`refs/heads/${branch}`))) {
    await client.rest.git.createRef({ ...where, ref: `refs/heads/${branch}`, sha });
  }
  const { data: old } = await client.rest.repos.getContent({ ...where, path: 'prompt.yaml', ref: branch });
  if (Array.isArray(old)) throw new Error('a folder');
  const body = {
    path: 'prompt.yaml',
    message: `Write ${content}`,
    content: Buffer.from(content).toString('base64'),
  };
  const { data } = await client.rest.repos.createOrUpdateFileContents({
    ...where,
    ...body,
    branch,
    sha: old.sha,
  });
  return data.commit.sha ?? '';
}

it('opens, follows and merges a pull request; its files and commits are those of Git', async () => {
  const { emulator, repository, owner } = await started();
  await change(emulator, repository, 'topic', 'two\n');
  const { data: pull } = await owner.rest.pulls.create({
    ...place,
    title: 'Change',
    head: 'topic',
    base: 'main',
  });
  expect(pull).toMatchObject({
    number: 1,
    mergeable: true,
    commits: 1,
    changed_files: 1,
    additions: 1,
    deletions: 1,
  });
  const merge = await repository.git.commit('refs/pull/1/merge');
  expect(merge.parents).toEqual([pull.base.sha, pull.head.sha]);

  const { data: files } = await owner.rest.pulls.listFiles({ ...place, pull_number: 1 });
  expect(files).toMatchObject([
    { filename: 'prompt.yaml', status: 'modified', patch: '@@ -1 +1 @@\n-one\n+two' },
  ]);
  const wrong = owner.rest.pulls.merge({ ...place, pull_number: 1, sha: pull.base.sha });
  await expect(wrong).rejects.toMatchObject({ status: 409 });
  const { data: merged } = await owner.rest.pulls.merge({ ...place, pull_number: 1, sha: pull.head.sha });
  expect(await repository.git.text('rev-parse', 'main')).toBe(merged.sha);
  const { data: after } = await owner.rest.pulls.get({ ...place, pull_number: 1 });
  expect(after).toMatchObject({
    merged: true,
    state: 'closed',
    merge_commit_sha: merged.sha,
    changed_files: 1,
  });
  expect(emulator.events.map(({ event, action }) => action ?? event)).toEqual([
    'create',
    'push',
    'push',
    'opened',
    'closed',
    'push',
  ]);
});

it('refuses a second pull request for the same branch, one without commits, and one into nowhere', async () => {
  const { emulator, repository, owner } = await started();
  await change(emulator, repository, 'topic', 'two\n');
  const open = (head: string, base = 'main') =>
    owner.rest.pulls.create({ ...place, title: 'Change', head, base });
  await open('topic');
  await expect(open('topic')).rejects.toMatchObject({
    status: 422,
    response: { data: { errors: [{ message: 'A pull request already exists for octo:topic.' }] } },
  });
  await expect(open('main')).rejects.toThrow(/No commits between main and main/);
  await expect(open('topic', 'none')).rejects.toMatchObject({
    response: { data: { errors: [{ field: 'base' }] } },
  });
});

it('tells a conflict, and does not merge it', async () => {
  const { emulator, repository, owner } = await started();
  await change(emulator, repository, 'topic', 'two\n');
  await owner.rest.pulls.create({ ...place, title: 'Change', head: 'topic', base: 'main' });
  await change(emulator, repository, 'main', 'three\n');
  const { data: pull } = await owner.rest.pulls.get({ ...place, pull_number: 1 });
  expect(pull).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
  const event = eventsOf(emulator.github, repository).pullRequest(1, 'synchronize');
  await expect(event).rejects.toThrow(/nothing runs/);
  const merge = owner.rest.pulls.merge({ ...place, pull_number: 1 });
  await expect(merge).rejects.toMatchObject({
    status: 405,
    message: expect.stringContaining('not mergeable'),
  });
});

it('holds a merge until the required check is green', async () => {
  const { emulator, repository, owner } = await started();
  repository.protections.set('main', { requirePullRequest: true, requiredChecks: ['promptline'] });
  const sha = await change(emulator, repository, 'topic', 'two\n');
  await owner.rest.pulls.create({ ...place, title: 'Change', head: 'topic', base: 'main' });
  const merge = () => owner.rest.pulls.merge({ ...place, pull_number: 1, merge_method: 'squash' });
  await expect(merge()).rejects.toThrow(/Required status check "promptline" is expected/);
  const job = clientOf(emulator, emulator.tokens.workflow(repository, { checks: 'write' }));
  await job.rest.checks.create({ ...place, name: 'promptline', head_sha: sha, conclusion: 'success' });
  await merge();
  expect(await repository.git.text('log', '-1', '--format=%s', 'main')).toBe('Change (#1)');
});

it('takes a pull request from a fork, and follows its branch', async () => {
  const { emulator, repository, owner } = await started();
  const fork = await emulator.fork(repository, 'mallory');
  await change(emulator, fork, 'topic', 'two\n', 'mallory');
  const stranger = clientOf(emulator, emulator.tokens.classic('mallory', ['public_repo']));
  await stranger.rest.pulls.create({ ...place, title: 'Change', head: 'mallory:topic', base: 'main' });
  const sha = await change(emulator, fork, 'topic', 'three\n', 'mallory');
  const { data: pull } = await owner.rest.pulls.get({ ...place, pull_number: 1 });
  expect(pull.head).toMatchObject({
    sha,
    label: 'mallory:topic',
    repo: { full_name: 'mallory/app', fork: true },
  });
  expect(await repository.git.text('rev-parse', 'refs/pull/1/head')).toBe(sha);
  await expect(stranger.rest.pulls.merge({ ...place, pull_number: 1 })).rejects.toMatchObject({
    status: 404,
  });
});

it('starts no workflow for what a GITHUB_TOKEN does, but for dispatches', async () => {
  const { emulator, repository } = await started();
  await change(emulator, repository, 'topic', 'two\n');
  const permissions = { contents: 'write', 'pull-requests': 'write' } as const;
  const job = clientOf(emulator, emulator.tokens.workflow(repository, permissions));
  await job.rest.pulls.create({ ...place, title: 'By a job', head: 'topic', base: 'main' });
  await job.rest.repos.createDispatchEvent({ ...place, event_type: 'promptline' });
  expect(emulator.events.slice(-2)).toMatchObject([
    { event: 'pull_request', action: 'opened', actor: 'github-actions[bot]', startsWorkflows: false },
    { event: 'repository_dispatch', startsWorkflows: true },
  ]);
  repository.actionsMayOpenPullRequests = false;
  await change(emulator, repository, 'other', 'three\n');
  const refused = job.rest.pulls.create({ ...place, title: 'Again', head: 'other', base: 'main' });
  await expect(refused).rejects.toThrow(/GitHub Actions is not permitted to create or approve pull requests/);
});

it('lists pull requests by branch and by commit', async () => {
  const { emulator, repository, owner } = await started();
  const sha = await change(emulator, repository, 'topic', 'two\n');
  await change(emulator, repository, 'other', 'three\n');
  for (const head of ['topic', 'other'])
    await owner.rest.pulls.create({ ...place, title: head, head, base: 'main' });
  const numbers = async (filter: { head?: string; state?: 'closed' }) =>
    (await owner.rest.pulls.list({ ...place, ...filter })).data.map(({ number }) => number);
  expect(await numbers({})).toEqual([2, 1]);
  expect(await numbers({ head: 'octo:topic' })).toEqual([1]);
  expect(await numbers({ state: 'closed' })).toEqual([]);
  const { data: commits } = await owner.rest.pulls.listCommits({ ...place, pull_number: 1 });
  expect(commits).toMatchObject([{ sha, commit: { message: 'Write two' } }]);
  const byCommit = { ...place, commit_sha: sha };
  const { data: found } = await owner.rest.repos.listPullRequestsAssociatedWithCommit(byCommit);
  expect(found.map(({ number }) => number)).toEqual([1]);
  const merged = () => owner.rest.pulls.checkIfMerged({ ...place, pull_number: 1 });
  await expect(merged()).rejects.toMatchObject({ status: 404 });
  await owner.rest.pulls.merge({ ...place, pull_number: 1 });
  await expect(merged()).resolves.toMatchObject({ status: 204 });
});

it('lets one of many racing requests win', async () => {
  const { emulator, repository, owner } = await started();
  const sha = await change(emulator, repository, 'topic', 'two\n');
  const race = async (request: () => Promise<{ status: number }>) => {
    const results = await Promise.allSettled(Array.from({ length: 5 }, request));
    return results
      .map((result) => (result.status === 'fulfilled' ? result.value : result.reason).status)
      .sort();
  };
  const branch = { ...place, ref: 'refs/heads/other', sha };
  expect(await race(() => owner.rest.git.createRef(branch))).toEqual([201, 422, 422, 422, 422]);
  const pull = { ...place, title: 'Change', head: 'topic', base: 'main' };
  expect(await race(() => owner.rest.pulls.create(pull))).toEqual([201, 422, 422, 422, 422]);
  const statuses = await race(() => owner.rest.pulls.merge({ ...place, pull_number: 1 }));
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
  expect(statuses.filter((status) => status === 405 || status === 409)).toHaveLength(4);
  expect(await repository.git.text('rev-list', '--count', '--merges', 'main')).toBe('1');
});
