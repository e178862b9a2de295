import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type TestContext } from 'vitest';
import { evaluateWorkflow } from '../../../src/commands/init/workflows/evaluate.ts';
import { forkReportWorkflow } from '../../../src/commands/init/workflows/fork-report.ts';
import type { WorkflowSettings } from '../../../src/commands/init/workflows/parts.ts';
import { startEmulator } from '../../emulator/emulator.ts';
import { type Event, eventsOf } from '../../emulator/payloads.ts';
import { moveReference } from '../../emulator/references.ts';
import { type Job, type JobResult, runAction } from '../../emulator/runner.ts';
import { clientOf } from '../../emulator/running.ts';
import type { CheckRun, Comment, Repository } from '../../emulator/state.ts';
import type { ChatMessage } from '../../protocol-server/answers.ts';
import type { ScriptInput } from '../../protocol-server/script.ts';
import { startProtocolServer } from '../../protocol-server/server.ts';
import { filled, jobOf, type WorkflowJob } from './workflow-job.ts';

const settings: WorkflowSettings = {
  action: `promptline/promptline@${'0'.repeat(40)}`,
  version: '1.0.0',
  folder: '',
  keys: ['MODEL_KEY'],
};
const jobs = {
  evaluate: jobOf(evaluateWorkflow(settings), 'evaluate', settings.action),
  fork: jobOf(evaluateWorkflow(settings), 'fork', settings.action),
  report: jobOf(forkReportWorkflow(settings), 'report', settings.action),
} satisfies Record<string, WorkflowJob>;

/** Where the jobs of the workflows keep results. */
export const results = 'promptline-results';
export const prompt = 'prompts/colors/default.prompt.yaml';

const colors = ['red', 'green', 'blue'];
const texts = Array.from({ length: 24 }, (_, index) => `thing number ${index} of 24`);

/** The system message with which the model answers right; with any other it answers wrong. */
export const goodWording = 'Name the color. Answer red, green or blue.';
export const badWording = 'Say something nice.';

/** A prompt file; its messages begin on line 8. */
export function promptFile(wording: string): string {
  return `# The color of a thing.
version: 1.0.0
modelParameters: { temperature: 0, maxTokens: 5 }
output:
  format: label
  field: color
  labels: [${colors.join(', ')}]
messages:
  - { role: system, content: "${wording}" }
  - { role: user, content: "Text: {{text}}" }
`;
}

/** The repository's files; the model is at `address`. */
function filesOf(address: string): Record<string, string> {
  const rows = (split: string) =>
    texts.map((text, index) =>
      JSON.stringify({
        id: `${split}-${index}`,
        input: { text: `${split} ${text}` },
        expected: { color: colors[index % 3] },
      }),
    );
  return {
    'promptline.yaml': `version: 1
models: { task: local/model }
concurrency: 8
providers:
  local: { type: openai-compatible, baseUrl: "${address}/v1", apiKeyEnv: MODEL_KEY, tries: 1 }
families:
  colors:
    datasets: { test: datasets/colors/test.jsonl }
    metrics:
      accuracy: { use: label_accuracy, field: color, weight: 1, gate: { maxDrop: 0.1 } }
`,
    [prompt]: promptFile(goodWording),
    'datasets/colors/test.jsonl': `${rows('test').join('\n')}\n`,
    'README.md': 'A shop.\n',
  };
}

function answer(messages: readonly ChatMessage[]): string {
  const index = Number(/number (\d+) /.exec(messages.at(-1)?.content ?? '')?.[1]);
  const right = index % 3;
  return colors[messages[0]?.content === goodWording ? right : (right + 1) % 3] ?? '';
}

type RepositorySettings = {
  private?: boolean;
  /** More files of the first commit, or others in place of them. */
  files?: Readonly<Record<string, string>>;
  /** Of the model's server. */
  failures?: ScriptInput['failures'];
  /** The model answers when this is done. */
  onQuestion?: () => void | Promise<void>;
};

type RunSettings = Partial<
  Pick<Job, 'inputs' | 'environment' | 'prepare' | 'started' | 'inspect' | 'token'>
> & {
  /** In place of those that the job has. */
  permissions?: WorkflowJob['permissions'];
};

export type RepositoryOnGitHub = Awaited<ReturnType<typeof repositoryOnGitHub>>;

/**
 * A repository with a prompt on a GitHub of its own, whose model is a server on this machine; both end with the test. In the end nothing may
 * have gone against GitHub's description.
 */
export async function repositoryOnGitHub(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  { private: hidden = true, files = {}, failures = [], onQuestion }: RepositorySettings = {},
) {
  const [emulator, model] = await Promise.all([
    startEmulator(),
    startProtocolServer({ failures }, 0, async (messages) => {
      await onQuestion?.();
      return answer(messages);
    }),
  ]);
  const scratch = mkdtempSync(path.join(tmpdir(), 'promptline on github '));
  onTestFinished(async () => {
    await Promise.all([emulator.close(), model.close()]);
    rmSync(scratch, { recursive: true, force: true });
    expect(emulator.violations).toEqual([]);
  });
  const all = { ...filesOf(model.address), ...files };
  const repository = await emulator.repository('octo/app', { private: hidden, files: all });
  const modelKey = `sk-${randomBytes(12).toString('hex')}`;
  const { github, tokens } = emulator;
  const owner = clientOf(emulator, tokens.classic('octo'));
  const place = { owner: 'octo', repo: 'app' };
  const events = eventsOf(github, repository);

  /** A commit on top of a branch, which is made where there is none. Null takes a file away. */
  async function push(
    changes: Readonly<Record<string, string | null>>,
    { branch = 'topic', to = repository }: { branch?: string; to?: Repository } = {},
  ): Promise<string> {
    const { git } = to;
    const at = await git.resolve(`refs/heads/${branch}`);
    const parent = at ?? (await git.resolve('main')) ?? '';
    const entries = Object.entries(changes).map(([file, text]) =>
      text === null ? { path: file, sha: null } : { path: file, content: Buffer.from(text) },
    );
    const person = { name: 'dev', email: 'dev@example.org', date: github.now() };
    const commit = await git.writeCommit({
      tree: await git.writeTree(parent, entries),
      parents: [parent],
      author: person,
      committer: person,
      message: 'Change\n',
    });
    const ref = `refs/heads/${branch}`;
    await moveReference(github, to, undefined, { ref, from: at ?? '0'.repeat(40), to: commit });
    return commit;
  }

  async function openPullRequest(head = 'topic'): Promise<number> {
    const { data } = await owner.rest.pulls.create({ ...place, title: 'Change', head, base: 'main' });
    return data.number;
  }

  /** Runs the Action in a job of the workflows as `init` writes them. */
  async function run(
    name: keyof typeof jobs,
    event: Event,
    { permissions, inputs, environment, token: given, ...rest }: RunSettings = {},
  ): Promise<JobResult> {
    const job = jobs[name];
    const token =
      given ?? tokens.workflow(repository, permissions ?? job.permissions, { fork: name === 'fork' });
    const contexts = { github: { event: event.payload, token }, secrets: { MODEL_KEY: modelKey } };
    return runAction({
      emulator,
      repository,
      event,
      token,
      fetchDepth: job.fetchDepth,
      // As action.yml has it by default.
      inputs: { 'github-token': token, ...filled(job.inputs, contexts), ...inputs },
      environment: { ...filled(job.environment, contexts), ...environment },
      ...rest,
    });
  }

  const commentsOf = (number: number): Comment[] =>
    [...repository.comments.values()].filter(({ issue }) => issue === number);
  /** As the list of checks shows them: the latest of each name, which the owner reads as anyone does. */
  const checksAt = async (commit: string): Promise<CheckRun[]> => {
    const { data } = await owner.rest.checks.listForRef({ ...place, ref: commit });
    return data.check_runs.flatMap(({ id }) => repository.checkRuns.get(id) ?? []);
  };

  return {
    emulator,
    repository,
    model,
    modelKey,
    events,
    owner,
    place,
    push,
    openPullRequest,
    run,
    commentsOf,
    checksAt,
    /** A folder to keep something of a checkout in. */
    folder: (name: string) => path.join(scratch, name),
    /** A pull request with one commit, and a run for it. */
    async pullRequest(changes: Readonly<Record<string, string | null>>) {
      const commit = await push(changes);
      const number = await openPullRequest();
      return { commit, number };
    },
    /** A pull request from the fork of a stranger. */
    async forkPullRequest(changes: Readonly<Record<string, string | null>>) {
      const fork = await emulator.fork(repository, 'mallory');
      const commit = await push(changes, { to: fork });
      const number = await openPullRequest('mallory:topic');
      return { fork, commit, number };
    },
    /**
     * Runs the job of a fork's pull request.
     * @returns what it leaves as an artifact, besides
     */
    async checkFork(number: number, options: RunSettings = {}) {
      const artifact = path.join(scratch, `artifact-${number}`);
      const event = await events.pullRequest(number, 'opened');
      const inspect = (workspace: string) => copy(path.join(workspace, results), artifact);
      return { ...(await run('fork', event, { inspect, ...options })), artifact };
    },
    /** Runs the privileged job that shows what a fork's job left in a folder. */
    async reportFork(fork: Repository, artifact: string, options: RunSettings = {}): Promise<JobResult> {
      const workflow = {
        path: '.github/workflows/promptline-evaluate.yml',
        event: 'pull_request',
        branch: 'topic',
      };
      const event = await events.workflowRunCompleted(
        await emulator.addRun(repository, { ...workflow, source: fork }),
      );
      const prepare = (workspace: string) => copy(artifact, path.join(workspace, results));
      return run('report', event, { prepare, ...options });
    },
    /** Runs `evaluate` for a pull request as it is now. */
    async evaluate(number: number, options: RunSettings = {}): Promise<JobResult> {
      return run('evaluate', await events.pullRequest(number, 'synchronize'), options);
    },
  };
}

/** Copies a folder of results out of a checkout, as an artifact, or into one. */
export const copy = (from: string, to: string): void =>
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
