import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Emulator, ReceivedRequest } from './emulator.ts';
import { gitEnvironment } from './git.ts';
import type { Event } from './payloads.ts';
import { fullName, type Repository } from './state.ts';
import { fileCommands, type WorkflowCommand, workflowCommands } from './workflow-commands.ts';

const BUNDLE = path.resolve(import.meta.dirname, '../../dist/action.js');

export type Job = {
  emulator: Emulator;
  repository: Repository;
  event: Event;
  /** The job's GITHUB_TOKEN, with which the runner checks the repository out. It is handed over only as an input. */
  token: string;
  inputs?: Readonly<Record<string, string>>;
  /** Further variables, as a workflow's `env:`. */
  environment?: Readonly<Record<string, string>>;
  /** As of `actions/checkout`: 1 by default, 0 for everything. */
  fetchDepth?: number;
  /** Leaves the token in the checkout's configuration, so that Git can push. */
  persistCredentials?: boolean;
  /** The Action's entry; the built bundle by default. */
  bundle?: string;
  /** A checkout that is there already, for an Action that only reads it; else one is made. */
  workspace?: string;
  /** Called with the checkout before the Action starts. */
  prepare?(workspace: string): void | Promise<void>;
  /** Called with the Action's process when it has started. */
  started?(child: ChildProcess): void;
  /** Called with the checkout when the Action has ended; it is removed then. */
  inspect?(workspace: string): void | Promise<void>;
};

export type JobResult = {
  exitCode: number;
  outputs: Record<string, string>;
  /** What was written for later steps to find in their environment. */
  variables: Record<string, string>;
  state: Record<string, string>;
  summary: string;
  stdout: string;
  stderr: string;
  commands: WorkflowCommand[];
  /** What the emulator received while the Action ran, the checkout left out. */
  sent: ReceivedRequest[];
};

/** Runs the Action as a step of a job: a checkout by Git, then the bundle in a process with a runner's environment and nothing else. */
export async function runAction(job: Job): Promise<JobResult> {
  const home = mkdtempSync(path.join(tmpdir(), 'promptline-runner-'));
  try {
    const workspace = job.workspace ?? path.join(home, 'work');
    if (job.workspace === undefined) {
      mkdirSync(workspace);
      await checkOut(job, workspace);
    }
    await job.prepare?.(workspace);
    const result = await runStep(job, home, workspace);
    await job.inspect?.(workspace);
    return result;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** As `actions/checkout` does it: a fetch of the event's commit, with the token in a header. */
async function checkOut(job: Job, workspace: string): Promise<void> {
  const { emulator, event, token, fetchDepth = 1, persistCredentials = false } = job;
  const remote = `${emulator.urls.server}/${fullName(job.repository)}`;
  const credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
  const header = `http.${emulator.urls.server}/.extraheader=AUTHORIZATION: basic ${credentials}`;
  const depth = fetchDepth === 0 ? [] : [`--depth=${fetchDepth}`];
  const all = fetchDepth === 0 ? ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'] : [];
  const branch = /^refs\/heads\/(.+)$/.exec(event.ref)?.[1];
  const target = `refs/remotes/${branch === undefined ? event.ref.replace(/^refs\//, '') : `origin/${branch}`}`;
  await git(workspace, 'init', '--quiet', '--initial-branch=main');
  await git(workspace, 'remote', 'add', 'origin', remote);
  const fetch = (...refs: string[]) =>
    git(workspace, '-c', header, 'fetch', '--quiet', '--no-tags', ...depth, 'origin', ...refs);
  // Everything comes first: a branch may have moved on since the event.
  if (all.length > 0) await fetch(...all);
  await fetch(`+${event.sha}:${target}`);
  await git(workspace, 'checkout', '--quiet', '--force', ...(branch ? ['-B', branch, target] : [target]));
  if (!persistCredentials) return;
  const [name = '', ...value] = header.split('=');
  await git(workspace, 'config', name, value.join('='));
}

async function git(cwd: string, ...args: string[]): Promise<void> {
  const child = spawn('git', args, { cwd, env: gitEnvironment, stdio: ['ignore', 'ignore', 'pipe'] });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`git ${args.at(-1)}: ${Buffer.concat(errors)}`);
}

async function runStep(job: Job, home: string, workspace: string): Promise<JobResult> {
  const { emulator, bundle = BUNDLE } = job;
  const files = Object.fromEntries(
    ['OUTPUT', 'ENV', 'STATE', 'PATH', 'STEP_SUMMARY'].map((name) => [
      `GITHUB_${name}`,
      path.join(home, name),
    ]),
  );
  for (const file of Object.values(files)) writeFileSync(file, '');
  const eventFile = path.join(home, 'event.json');
  writeFileSync(eventFile, JSON.stringify(job.event.payload));
  const before = emulator.requests.length;
  const child = spawn(process.execPath, [bundle], {
    cwd: workspace,
    env: {
      ...environmentOf(job, home, workspace),
      ...files,
      GITHUB_EVENT_PATH: eventFile,
      ...job.environment,
    },
  });
  job.started?.(child);
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const [code] = await once(child, 'close');
  const read = (name: string) => readFileSync(files[`GITHUB_${name}`] ?? '', 'utf8');
  const stdout = Buffer.concat(out).toString();
  return {
    exitCode: code ?? -1,
    outputs: fileCommands(read('OUTPUT')),
    variables: fileCommands(read('ENV')),
    state: fileCommands(read('STATE')),
    summary: read('STEP_SUMMARY'),
    stdout,
    stderr: Buffer.concat(errors).toString(),
    commands: workflowCommands(stdout),
    sent: emulator.requests.slice(before),
  };
}

/** The variables of a step, as GitHub documents them. */
function environmentOf(job: Job, home: string, workspace: string): Record<string, string> {
  const { emulator, repository, event, inputs = {} } = job;
  const temporary = path.join(home, 'temp');
  mkdirSync(temporary);
  const [, kind = '', name = ''] = /^refs\/(heads|tags|pull)\/(.+)$/.exec(event.ref) ?? [];
  return {
    // A runner's tools, and a home of its own.
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    // Hundreds of jobs run the same bundle: it is compiled once.
    NODE_COMPILE_CACHE: path.join(tmpdir(), 'promptline-emulator-compiled'),
    ...Object.fromEntries(
      Object.entries(inputs).map(([input, value]) => [
        `INPUT_${input.replaceAll(' ', '_').toUpperCase()}`,
        value,
      ]),
    ),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: 'promptline',
    GITHUB_ACTOR: event.actor,
    GITHUB_TRIGGERING_ACTOR: event.actor,
    GITHUB_API_URL: emulator.urls.api,
    GITHUB_GRAPHQL_URL: emulator.urls.graphql,
    GITHUB_SERVER_URL: emulator.urls.server,
    GITHUB_REPOSITORY: fullName(repository),
    GITHUB_REPOSITORY_ID: String(repository.id),
    GITHUB_REPOSITORY_OWNER: repository.owner.login,
    GITHUB_REPOSITORY_OWNER_ID: String(repository.owner.id),
    GITHUB_EVENT_NAME: event.name,
    GITHUB_REF: event.ref,
    GITHUB_REF_NAME: name,
    GITHUB_REF_TYPE: kind === 'tags' ? 'tag' : 'branch',
    GITHUB_SHA: event.sha,
    GITHUB_HEAD_REF: event.headRef ?? '',
    GITHUB_BASE_REF: event.baseRef ?? '',
    GITHUB_WORKFLOW: 'promptline',
    GITHUB_JOB: 'promptline',
    GITHUB_RUN_ID: '4242',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temporary,
    RUNNER_OS: 'Linux',
    RUNNER_ARCH: 'X64',
    RUNNER_NAME: 'emulated',
  };
}
