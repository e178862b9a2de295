import { expect, it } from 'vitest';
import { eventsOf } from './payloads.ts';
import { clientOf, runningEmulator } from './running.ts';

const place = { owner: 'octo', repo: 'app' };

async function started() {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app');
  const owner = clientOf(emulator, emulator.tokens.classic('octo'));
  const sha = (await repository.git.resolve('main')) ?? '';
  return { emulator, repository, owner, sha, events: eventsOf(emulator.github, repository) };
}

it('builds payloads of pull requests as published, from the repository and from a fork', async () => {
  const { emulator, repository, owner, sha, events } = await started();
  const fork = await emulator.fork(repository, 'mallory');
  for (const [number, source, head] of [
    [1, repository, 'topic'],
    [2, fork, 'mallory:topic'],
  ] as const) {
    const where = { owner: source.owner.login, repo: source.name };
    const client = clientOf(emulator, emulator.tokens.classic(where.owner));
    await client.rest.git.createRef({ ...where, ref: 'refs/heads/topic', sha });
    const change = { path: 'new.txt', message: 'New', content: 'eA==', branch: 'topic' };
    await client.rest.repos.createOrUpdateFileContents({ ...where, ...change });
    await client.rest.pulls.create({ ...place, title: 'Change', head, base: 'main', draft: number === 2 });
    await owner.rest.issues.addLabels({ ...place, issue_number: number, labels: ['bug'] });
    for (const action of ['opened', 'synchronize', 'reopened', 'labeled', 'closed'] as const) {
      if (action === 'closed')
        await owner.rest.pulls.update({ ...place, pull_number: number, state: 'closed' });
      const event = await events.pullRequest(number, action);
      expect(emulator.contract.checkPayload(`pull-request-${action}`, event.payload)).toEqual([]);
      expect(event).toMatchObject({
        name: 'pull_request',
        ref: `refs/pull/${number}/merge`,
        headRef: 'topic',
      });
    }
  }
});

it('builds the payloads of the other events as published', async () => {
  const { emulator, repository, sha, events } = await started();
  const { contract } = emulator;
  const job = clientOf(
    emulator,
    emulator.tokens.workflow(repository, { checks: 'write', contents: 'write' }),
  );
  const push = await events.push('main');
  expect(contract.checkPayload('push', push.payload)).toEqual([]);
  const dispatch = await events.workflowDispatch('.github/workflows/ci.yml', { calls: '10' });
  expect(contract.checkPayload('workflow-dispatch', dispatch.payload)).toEqual([]);
  const custom = await events.repositoryDispatch('sample.collected', { prompt: 'a/b' }, 'octo');
  expect(contract.checkPayload('repository-dispatch-sample.collected', custom.payload)).toEqual([]);

  await job.rest.repos.createRelease({ ...place, tag_name: 'v1' });
  const release = [...repository.releases.values()][0];
  if (!release) throw new Error('no release');
  const published = await events.releasePublished(release);
  expect(contract.checkPayload('release-published', published.payload)).toEqual([]);
  expect(published).toMatchObject({ ref: 'refs/tags/v1', sha });

  await job.rest.checks.create({ ...place, name: 'promptline', head_sha: sha, conclusion: 'failure' });
  const run = [...repository.checkRuns.values()][0];
  if (!run) throw new Error('no check run');
  const rerequested = await events.checkRunRerequested(run);
  expect(contract.checkPayload('check-run-rerequested', rerequested.payload)).toEqual([]);
  expect(await events.schedule('0 3 * * *')).toMatchObject({ name: 'schedule', ref: 'refs/heads/main', sha });
});

it('tells a privileged job about a run for a fork, without its pull request', async () => {
  const { emulator, repository, sha, events } = await started();
  const source = await emulator.fork(repository, 'mallory');
  const path = '.github/workflows/check.yml';
  const run = await emulator.addRun(repository, { path, event: 'pull_request', branch: 'main', source });
  const event = await events.workflowRunCompleted(run);
  expect(emulator.contract.checkPayload('workflow-run-completed', event.payload)).toEqual([]);
  expect(event).toMatchObject({
    name: 'workflow_run',
    ref: 'refs/heads/main',
    payload: {
      workflow_run: { head_sha: sha, head_repository: { full_name: 'mallory/app' }, pull_requests: [] },
    },
  });
});
