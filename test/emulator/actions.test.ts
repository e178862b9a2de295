import { expect, it } from 'vitest';
import { clientOf, runningEmulator } from './running.ts';

const place = { owner: 'octo', repo: 'app' };
const files = {
  '.github/workflows/optimize.yml': 'on: { workflow_dispatch: {} }\n',
  '.github/workflows/ci.yml': 'on: push\n',
};

async function started() {
  const emulator = await runningEmulator();
  const repository = await emulator.repository('octo/app', { files });
  const client = clientOf(emulator, emulator.tokens.workflow(repository, { actions: 'write' }));
  return { emulator, repository, client };
}

it('dispatches a workflow that is there and takes dispatches', async () => {
  const { emulator, client } = await started();
  const dispatch = (workflow_id: string) =>
    client.rest.actions.createWorkflowDispatch({ ...place, workflow_id, ref: 'main' });
  await expect(dispatch('optimize.yml')).resolves.toMatchObject({ status: 204 });
  await expect(dispatch('none.yml')).rejects.toMatchObject({ status: 404 });
  await expect(dispatch('ci.yml')).rejects.toThrow(/does not have 'workflow_dispatch' trigger/);
  const { data } = await client.rest.actions.listWorkflowRuns({ ...place, workflow_id: 'optimize.yml' });
  expect(data).toMatchObject({
    total_count: 1,
    workflow_runs: [{ event: 'workflow_dispatch', status: 'queued' }],
  });
  expect(emulator.events).toMatchObject([{ event: 'workflow_dispatch', startsWorkflows: true }]);
});

it('hands artifacts out by a link that needs no token', async () => {
  const { emulator, repository, client } = await started();
  const run = await emulator.addRun(repository, {
    path: '.github/workflows/ci.yml',
    event: 'push',
    branch: 'main',
  });
  const zip = Buffer.from('PK');
  const artifact = emulator.addArtifact(repository, { run, name: 'results', zip });
  const { data } = await client.rest.actions.listWorkflowRunArtifacts({ ...place, run_id: run.id });
  expect(data).toMatchObject({ total_count: 1, artifacts: [{ name: 'results', expired: false }] });
  const { data: all } = await client.rest.actions.listArtifactsForRepo({ ...place, name: 'results' });
  expect(all.artifacts.map(({ id }) => id)).toEqual([artifact.id]);
  const { data: one } = await client.rest.actions.getArtifact({ ...place, artifact_id: artifact.id });
  expect(one.workflow_run).toMatchObject({ id: run.id, head_branch: 'main' });
  const { data: runs } = await client.rest.actions.listWorkflowRunsForRepo({ ...place, event: 'push' });
  expect(runs.workflow_runs.map(({ id }) => id)).toEqual([run.id]);
  const { data: same } = await client.rest.actions.getWorkflowRun({ ...place, run_id: run.id });
  expect(same).toMatchObject({ status: 'completed', conclusion: 'success', head_sha: run.sha });
  const download = { ...place, artifact_id: artifact.id, archive_format: 'zip' };
  const { data: bytes } = await client.rest.actions.downloadArtifact(download);
  expect(Buffer.from(bytes as ArrayBuffer)).toEqual(zip);
  artifact.expired = true;
  await expect(client.rest.actions.downloadArtifact(download)).rejects.toMatchObject({ status: 410 });
});
