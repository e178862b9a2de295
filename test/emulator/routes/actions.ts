import path from 'node:path';
import {
  actorOf,
  bodyOf,
  type Call,
  gone,
  member,
  ok,
  part,
  type Reply,
  type Route,
  repositoryOf,
} from '../call.ts';
import { ApiFailure, notFound, unprocessable } from '../failures.ts';
import { counted } from '../paging.ts';
import type { Artifact, WorkflowRun } from '../state.ts';
import { reads, writes } from '../tokens.ts';
import { artifactView, runView, workflowId } from '../views/actions.ts';
import { pageUrl, repositoryUrl } from '../views/repositories.ts';

export const actionRoutes: readonly Route[] = [
  { id: 'actions/create-workflow-dispatch', needs: writes('actions'), answer: dispatchWorkflow },
  { id: 'repos/create-dispatch-event', needs: writes('contents'), answer: dispatchRepository },
  {
    id: 'actions/list-workflow-runs-for-repo',
    needs: reads('actions'),
    answer: (call) => listRuns(call, () => true),
  },
  { id: 'actions/list-workflow-runs', needs: reads('actions'), answer: listRunsOfWorkflow },
  { id: 'actions/get-workflow-run', needs: reads('actions'), answer: getRun },
  {
    id: 'actions/list-artifacts-for-repo',
    needs: reads('actions'),
    answer: (call) => listArtifacts(call, () => true),
  },
  { id: 'actions/list-workflow-run-artifacts', needs: reads('actions'), answer: listArtifactsOfRun },
  { id: 'actions/get-artifact', needs: reads('actions'), answer: getArtifact },
  { id: 'actions/download-artifact', needs: reads('actions'), answer: downloadArtifact },
];

/** The file by its name or its number. @throws {ApiFailure} 404 */
async function workflowOf(call: Call, ref: string): Promise<string> {
  const { git } = repositoryOf(call);
  const asked = part(call, 'workflow_id');
  const commit = await git.resolve(ref);
  if (commit === undefined) throw unprocessable(`No ref found for: ${ref}`);
  const files = await git.tree(commit, '-r', '--full-tree');
  const found = files
    .map((file) => file.path)
    .filter((file) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file))
    .find(
      (file) => path.posix.basename(file) === asked || file === asked || String(workflowId(file)) === asked,
    );
  if (found === undefined) throw notFound();
  return found;
}

async function dispatchWorkflow(call: Call): Promise<Reply> {
  const { ref, return_run_details = false } = bodyOf<'actions/create-workflow-dispatch'>(call);
  const { github, token } = call;
  const repository = repositoryOf(call);
  const file = await workflowOf(call, ref);
  const sha = await repository.git.resolve(ref);
  const content = await repository.git.object(`${sha}:${file}`);
  if (!content?.content.toString().includes('workflow_dispatch')) {
    throw unprocessable("Workflow does not have 'workflow_dispatch' trigger");
  }
  const run: WorkflowRun = {
    id: github.nextId(),
    number: repository.runs.size + 1,
    path: file,
    event: 'workflow_dispatch',
    source: repository,
    branch: ref,
    sha: sha ?? '',
    status: 'queued',
    conclusion: null,
    actor: actorOf(call),
    createdAt: github.now(),
  };
  repository.runs.set(run.id, run);
  github.emit(token, repository, 'workflow_dispatch', null, file);
  if (!return_run_details) return gone;
  const place = `/actions/runs/${run.id}`;
  return ok({
    workflow_run_id: run.id,
    run_url: repositoryUrl(github, repository) + place,
    html_url: pageUrl(github, repository) + place,
  });
}

function dispatchRepository(call: Call): Reply {
  const { event_type } = bodyOf<'repos/create-dispatch-event'>(call);
  call.github.emit(call.token, repositoryOf(call), 'repository_dispatch', event_type, event_type);
  return gone;
}

function listRuns(call: Call, belongs: (run: WorkflowRun) => boolean): Promise<Reply> {
  const { branch, event, status, head_sha: sha, actor } = call.query;
  const repository = repositoryOf(call);
  const found = [...repository.runs.values()]
    .filter(belongs)
    .filter((run) => branch === undefined || run.branch === branch)
    .filter((run) => event === undefined || run.event === event)
    .filter((run) => status === undefined || run.status === status || run.conclusion === status)
    .filter((run) => sha === undefined || run.sha === sha)
    .filter((run) => actor === undefined || run.actor.login === actor);
  return counted(call, 'workflow_runs', found.reverse(), (run) => runView(call.github, repository, run));
}

async function listRunsOfWorkflow(call: Call): Promise<Reply> {
  const file = await workflowOf(call, repositoryOf(call).defaultBranch);
  return listRuns(call, (run) => run.path === file);
}

function runOf(call: Call): WorkflowRun {
  return member(repositoryOf(call).runs, part(call, 'run_id'));
}

async function getRun(call: Call): Promise<Reply> {
  return ok(await runView(call.github, repositoryOf(call), runOf(call)));
}

function listArtifacts(call: Call, belongs: (artifact: Artifact) => boolean): Promise<Reply> {
  const { name } = call.query;
  const repository = repositoryOf(call);
  const found = [...repository.artifacts.values()]
    .filter(belongs)
    .filter((artifact) => name === undefined || artifact.name === name);
  return counted(call, 'artifacts', found.reverse(), (artifact) =>
    artifactView(call.github, repository, artifact),
  );
}

function listArtifactsOfRun(call: Call): Promise<Reply> {
  const run = runOf(call);
  return listArtifacts(call, (artifact) => artifact.run === run);
}

function artifactOf(call: Call): Artifact {
  return member(repositoryOf(call).artifacts, part(call, 'artifact_id'));
}

function getArtifact(call: Call): Reply {
  return ok(artifactView(call.github, repositoryOf(call), artifactOf(call)));
}

/** A link that needs no token and leads elsewhere: clients must not send theirs along. */
function downloadArtifact(call: Call): Reply {
  const { github } = call;
  const artifact = artifactOf(call);
  if (part(call, 'archive_format') !== 'zip') throw notFound();
  if (artifact.expired) throw new ApiFailure(410, 'Artifact has expired');
  const place = `/_storage/artifacts/${artifact.id}.zip`;
  github.storage.set(place, { type: 'application/zip', content: artifact.zip });
  return { status: 302, headers: { location: github.urls.server + place } };
}
