import {
  bodyOf,
  type Call,
  created,
  member,
  ok,
  part,
  type Reply,
  type Route,
  repositoryOf,
} from '../call.ts';
import { ApiFailure, unprocessable, validationFailed } from '../failures.ts';
import { counted, listed } from '../paging.ts';
import type { App, CheckRun, Repository } from '../state.ts';
import { reads, writes } from '../tokens.ts';
import { checkRunView } from '../views/checks.ts';

export const checkRoutes: readonly Route[] = [
  { id: 'checks/create', needs: writes('checks'), answer: createRun },
  { id: 'checks/get', needs: reads('checks'), answer: async (call) => ok(await viewOf(call, runOf(call))) },
  { id: 'checks/update', needs: writes('checks'), answer: updateRun },
  { id: 'checks/list-annotations', needs: reads('checks'), answer: listAnnotations },
  { id: 'checks/list-for-ref', needs: reads('checks'), answer: listForRef },
  { id: 'checks/rerequest-run', needs: writes('checks'), answer: rerequest },
];

function runOf(call: Call): CheckRun {
  return member(repositoryOf(call).checkRuns, part(call, 'check_run_id'));
}

function viewOf(call: Call, run: CheckRun) {
  return checkRunView(call.github, repositoryOf(call), run);
}

/** @throws {ApiFailure} 403: check runs belong to apps */
function appOf({ token }: Call): App {
  if (!token?.app) throw new ApiFailure(403, 'You must authenticate via a GitHub App.');
  return token.app;
}

async function createRun(call: Call): Promise<Reply> {
  const body = bodyOf<'checks/create'>(call);
  const { github, token } = call;
  const repository = repositoryOf(call);
  const app = appOf(call);
  const sha = await repository.git.resolve(body.head_sha);
  if (sha !== body.head_sha) {
    throw unprocessable(`No commit found for SHA: ${body.head_sha}`);
  }
  const run: CheckRun = {
    id: github.nextId(),
    suite: suiteOf(call, repository, app, sha),
    name: body.name,
    sha,
    app,
    status: 'queued',
    conclusion: null,
    externalId: null,
    detailsUrl: null,
    startedAt: github.now(),
    completedAt: null,
    output: { title: null, summary: null, text: null },
    annotations: [],
  };
  change(call, run, body);
  repository.checkRuns.set(run.id, run);
  github.emit(token, repository, 'check_run', 'created', run.id);
  return created(await viewOf(call, run));
}

/** One suite for each app and commit. */
function suiteOf({ github }: Call, { checkRuns }: Repository, app: App, sha: string): number {
  const sibling = [...checkRuns.values()].find((run) => run.app === app && run.sha === sha);
  return sibling?.suite ?? github.nextId();
}

async function updateRun(call: Call): Promise<Reply> {
  const run = runOf(call);
  const app = appOf(call);
  if (run.app !== app) {
    const rule = 'Check run can only be modified by the GitHub App that created it.';
    throw new ApiFailure(403, `Invalid app_id \`${app.id}\` - ${rule}`);
  }
  const body = bodyOf<'checks/update'>(call);
  if (body.name !== undefined) run.name = body.name;
  change(call, run, body);
  return ok(await viewOf(call, run));
}

type Change =
  | Partial<ReturnType<typeof bodyOf<'checks/create'>>>
  | ReturnType<typeof bodyOf<'checks/update'>>;

/** Annotations of each request are added to those that are there. */
function change(call: Call, run: CheckRun, body: Change): void {
  const { github, token } = call;
  const { status, conclusion, output } = body;
  if (status === 'completed' && conclusion === undefined && run.conclusion === null) {
    throw validationFailed({ resource: 'CheckRun', code: 'missing_field', field: 'conclusion' });
  }
  run.externalId = body.external_id ?? run.externalId;
  run.detailsUrl = body.details_url ?? run.detailsUrl;
  run.startedAt = body.started_at ?? run.startedAt;
  run.status = conclusion === undefined ? (status ?? run.status) : 'completed';
  if (conclusion !== undefined && conclusion !== 'stale') {
    run.conclusion = conclusion;
    run.completedAt = body.completed_at ?? github.now();
    github.emit(token, repositoryOf(call), 'check_run', 'completed', run.id);
  }
  if (output === undefined) return;
  const { title = run.output.title, summary, text = run.output.text, annotations = [] } = output;
  run.output = { title, summary: summary ?? run.output.summary, text };
  for (const annotation of annotations) {
    run.annotations.push({
      start_column: null,
      end_column: null,
      title: null,
      raw_details: null,
      ...annotation,
      blob_href: `${github.urls.server}/blob/${run.sha}/${annotation.path}`,
    });
  }
}

function listAnnotations(call: Call): Promise<Reply> {
  return listed(call, runOf(call).annotations, (annotation) => annotation);
}

async function listForRef(call: Call): Promise<Reply> {
  const repository = repositoryOf(call);
  const sha = await repository.git.resolve(part(call, 'ref'));
  if (sha === undefined) throw unprocessable(`No commit found for SHA: ${part(call, 'ref')}`);
  const { check_name: name, status, app_id: app, filter = 'latest' } = call.query;
  const runs = [...repository.checkRuns.values()]
    .filter((run) => run.sha === sha)
    .filter((run) => name === undefined || run.name === name)
    .filter((run) => status === undefined || run.status === status)
    .filter((run) => app === undefined || run.app.id === Number(app))
    .reverse();
  const same = (run: CheckRun) => runs.find((each) => each.name === run.name && each.suite === run.suite);
  const latest = filter === 'all' ? runs : runs.filter((run) => same(run) === run);
  return counted(call, 'check_runs', latest, (run) => viewOf(call, run));
}

function rerequest(call: Call): Reply {
  const run = runOf(call);
  // The suite is queued again; the run itself is its app's to change.
  call.github.emit(call.token, repositoryOf(call), 'check_run', 'rerequested', run.id);
  return created({});
}
