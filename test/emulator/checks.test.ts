import { expect, it } from 'vitest';
import { clientOf, runningEmulator } from './running.ts';

const place = { owner: 'octo', repo: 'app' };

async function started({ allowViolations = false } = {}) {
  const emulator = await runningEmulator({ allowViolations });
  const repository = await emulator.repository('octo/app');
  const head_sha = (await repository.git.resolve('main')) ?? '';
  const token = emulator.tokens.workflow(repository, { checks: 'write', statuses: 'write' });
  return { emulator, repository, head_sha, client: clientOf(emulator, token) };
}

function annotations(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    path: 'prompt.yaml',
    start_line: index + 1,
    end_line: index + 1,
    annotation_level: 'warning' as const,
    message: `line ${index + 1}`,
  }));
}

it('collects annotations over requests of 50', async () => {
  const { client, head_sha, emulator } = await started();
  const output = { title: 'Scores', summary: 'fell' };
  const { data: run } = await client.rest.checks.create({
    ...place,
    name: 'promptline',
    head_sha,
    status: 'in_progress',
    output: { ...output, annotations: annotations(50) },
  });
  expect(run).toMatchObject({ status: 'in_progress', conclusion: null, app: { slug: 'github-actions' } });
  const { data: done } = await client.rest.checks.update({
    ...place,
    check_run_id: run.id,
    conclusion: 'failure',
    output: { ...output, annotations: annotations(10) },
  });
  expect(done).toMatchObject({
    status: 'completed',
    conclusion: 'failure',
    output: { annotations_count: 60 },
  });
  const all = await client.paginate(client.rest.checks.listAnnotations, { ...place, check_run_id: run.id });
  expect(all).toHaveLength(60);
  const other = clientOf(emulator, emulator.tokens.classic('octo'));
  const create = other.rest.checks.create({ ...place, name: 'x', head_sha });
  await expect(create).rejects.toMatchObject({ status: 403, message: expect.stringContaining('GitHub App') });
});

it('refuses 51 annotations in a request', async () => {
  const { client, head_sha, emulator } = await started({ allowViolations: true });
  const output = { title: 'Scores', summary: 'fell', annotations: annotations(51) };
  const create = client.rest.checks.create({ ...place, name: 'promptline', head_sha, output });
  await expect(create).rejects.toMatchObject({ status: 422 });
  expect(emulator.violations).toMatchObject([
    { problem: expect.stringContaining('must NOT have more than 50 items') },
  ]);
});

it('lists the latest run of each name for a branch, and lets no other app change it', async () => {
  const { client, head_sha, emulator, repository } = await started();
  for (const conclusion of ['failure', 'success'] as const) {
    await client.rest.checks.create({ ...place, name: 'promptline', head_sha, conclusion });
  }
  const { data } = await client.rest.checks.listForRef({ ...place, ref: 'main', check_name: 'promptline' });
  expect(data).toMatchObject({ total_count: 1, check_runs: [{ conclusion: 'success' }] });
  const all = await client.rest.checks.listForRef({ ...place, ref: 'main', filter: 'all' });
  expect(all.data.total_count).toBe(2);
  const app = clientOf(
    emulator,
    emulator.tokens.installation('prompt-bot', [repository], { checks: 'write' }),
  );
  const check_run_id = data.check_runs[0]?.id ?? 0;
  const change = app.rest.checks.update({ ...place, check_run_id, conclusion: 'neutral' });
  await expect(change).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining('Invalid app_id'),
  });
});

it('combines the latest statuses of a commit', async () => {
  const { client, head_sha: sha } = await started();
  const combined = async () =>
    (await client.rest.repos.getCombinedStatusForRef({ ...place, ref: 'main' })).data;
  expect((await combined()).state).toBe('pending');
  await client.rest.repos.createCommitStatus({ ...place, sha, state: 'failure', context: 'a' });
  await client.rest.repos.createCommitStatus({ ...place, sha, state: 'success', context: 'b' });
  expect(await combined()).toMatchObject({ state: 'failure', total_count: 2 });
  await client.rest.repos.createCommitStatus({ ...place, sha, state: 'success', context: 'a' });
  expect(await combined()).toMatchObject({ state: 'success', total_count: 2 });
});

it('asks for a run again, and lists all statuses of a context', async () => {
  const { client, head_sha, emulator } = await started();
  const run = { ...place, name: 'promptline', head_sha, conclusion: 'failure' as const };
  const { data } = await client.rest.checks.create(run);
  await client.rest.checks.rerequestRun({ ...place, check_run_id: data.id });
  const { data: again } = await client.rest.checks.get({ ...place, check_run_id: data.id });
  expect(again).toEqual(data);
  expect(emulator.events.at(-1)).toMatchObject({
    event: 'check_run',
    action: 'rerequested',
    subject: data.id,
  });
  for (const state of ['pending', 'success'] as const) {
    await client.rest.repos.createCommitStatus({ ...place, sha: head_sha, state, context: 'a' });
  }
  const { data: statuses } = await client.rest.repos.listCommitStatusesForRef({ ...place, ref: 'main' });
  expect(statuses.map(({ state }) => state)).toEqual(['success', 'pending']);
});
