import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import type { WorkflowSettings } from '../../../src/commands/init/workflows/parts.ts';
import { releaseWorkflow } from '../../../src/commands/init/workflows/release.ts';
import { watchWorkflow } from '../../../src/commands/init/workflows/watch.ts';
import { assign } from '../../../src/rollout/assign.ts';
import { flagKey } from '../../../src/rollout/targeting.ts';
import { createRandom } from '../../../src/statistics/random.ts';
import type { Event } from '../../emulator/payloads.ts';
import { type Job, type JobResult, runAction } from '../../emulator/runner.ts';
import { branchOf, releasesOf } from '../../release/released-repository.ts';
import { callLine, start } from '../../telemetry/otlp-lines.ts';
import { type Finished, filesOf, openPlace, temporaryFolder } from './proposing-repository.ts';
import { jobOf } from './workflow-job.ts';

const settings: WorkflowSettings = {
  action: `promptline/promptline@${'0'.repeat(40)}`,
  version: '1.0.0',
  folder: '',
  keys: [],
};
const jobs = {
  release: jobOf(releaseWorkflow(settings), 'release', settings.action),
  watch: jobOf(watchWorkflow(settings), 'watch', settings.action),
};

export const prompt = 'colors/terse';
export const file = `prompts/${prompt}.prompt.yaml`;

/** Every step may end as soon as its evidence is there; a look is taken each second. */
const rollout = {
  metrics: { success: {}, latency: { scale: { best: 100, worst: 10_000 } } },
  steps: [10, 25, 50, 75, 100].map((percent) => ({ percent, dwell: '0s', leastUsers: 20 })),
};

/** The files of a repository with one prompt, which is rolled out by what lies in a folder of telemetry. */
function rollingFiles(address: string, telemetry: string): Record<string, string> {
  const all = filesOf(address);
  const configuration = {
    ...parse(all['promptline.yaml'] ?? ''),
    rollout,
    telemetry: { sources: [{ type: 'otlp-file', path: telemetry }] },
  };
  const files = { ...all, 'promptline.yaml': stringify(configuration) };
  return Object.fromEntries(
    Object.entries(files).filter(([name]) => name === file || !name.startsWith('prompts/')),
  );
}

export type RollingPlace = Awaited<ReturnType<typeof openRollingPlace>>;

/** How calls go, by version: the share that succeeds, and the usual time of an answer in milliseconds. */
type Behaviour = Readonly<Record<string, { readonly success: number; readonly milliseconds: number }>>;

/**
 * The repository on a GitHub of its own: what people do there, jobs as `init` writes them, and a production beside it.
 *
 * @param address of the model
 */
export async function openRollingPlace(address: string, finished: Finished) {
  const telemetry = temporaryFolder(finished);
  const files = rollingFiles(address, telemetry);
  const place = await openPlace(files, finished);
  const { emulator, repository, events, person, at } = place;
  const random = createRandom('production');
  let users = 0;

  async function run(
    { permissions, fetchDepth, inputs }: (typeof jobs)['watch'],
    event: Event,
    more: Pick<Job, 'started'> & { readonly inputs?: Readonly<Record<string, string>> } = {},
  ): Promise<JobResult> {
    const token = emulator.tokens.workflow(repository, permissions);
    const given = { ...inputs, 'github-token': token, ...more.inputs };
    return runAction({ emulator, repository, event, token, fetchDepth, ...more, inputs: given });
  }

  /** The state branch, which must be there. */
  async function branch() {
    const found = await branchOf(repository);
    if (!found) throw new Error('nothing has been released');
    return found;
  }

  return {
    ...place,
    files,
    branch,
    releases: () => releasesOf(repository),
    /** Tags of the rollout's steps. */
    async steps(): Promise<readonly string[]> {
      const tags = await repository.git.references('refs/tags/rollouts');
      return tags.map(({ ref }) => ref.replace(`refs/tags/rollouts/${prompt}@`, ''));
    },
    /** A person's pull request that changes the prompt's file, and its merge. */
    async proposeByHand(title: string, content: string): Promise<void> {
      const topic = title.toLowerCase().replaceAll(' ', '-');
      const sha = (await repository.git.resolve('main')) ?? '';
      await person.rest.git.createRef({ ...at, ref: `refs/heads/${topic}`, sha });
      await place.commit(topic, file, content);
      await person.rest.pulls.create({ ...at, title, head: topic, base: 'main' });
    },
    /** Merges the one pull request that is open. */
    async merge(): Promise<void> {
      const [pull, ...others] = place.open();
      if (!pull || others.length > 0) throw new Error(`${others.length + (pull ? 1 : 0)} are open`);
      await person.rest.pulls.merge({ ...at, pull_number: pull.number, merge_method: 'squash' });
    },
    /** The job of a push to the default branch. */
    release: async () => run(jobs.release, await events.push('main')),
    /** The job that the end of a release, or of the step before, starts. */
    async watch(by: 'release' | 'step', more: Pick<Job, 'started'> = {}): Promise<JobResult> {
      const ended = { path: '.github/workflows/promptline-release.yml', event: 'push', branch: 'main' };
      const event =
        by === 'step'
          ? await events.workflowDispatch('promptline-watch.yml')
          : await events.workflowRunCompleted(await emulator.addRun(repository, ended));
      return run(jobs.watch, event, { ...more, inputs: { interval: '1s', minutes: '2' } });
    },
    /** What a person does with the state branch. */
    async byHand(command: string, reason: string): Promise<JobResult> {
      const event = await events.workflowDispatch('by-hand.yml');
      return run(jobs.watch, event, { inputs: { command, ids: prompt, minutes: '', reason } });
    },
    /** What is served, in the numbers of the manifest. */
    async served() {
      const { manifest } = await branch();
      const { variants, targeting } = manifest.flags[flagKey(prompt)] ?? {};
      const [, [, percent]] = targeting?.if[1].fractional ?? [null, ['canary', 0]];
      return { stable: variants?.stable.version, canary: variants?.canary?.version, percent };
    },
    /** Those of a thousand users who get a version. */
    async usersOf(version: string): Promise<ReadonlySet<string>> {
      const { manifest } = await branch();
      const all = Array.from({ length: 1000 }, (_, index) => `member ${index}`);
      return new Set(all.filter((user) => assign(manifest, prompt, user).variant.version === version));
    },
    /** New users come by: each gets what is served at this moment, and leaves a call in telemetry. */
    async production(count: number, behaviour: Behaviour): Promise<void> {
      const { manifest } = await branch();
      const generation = manifest.flags[flagKey(prompt)]?.metadata.generation ?? 0;
      const lines = Array.from({ length: count }, () => {
        users += 1;
        const user = `user ${users}`;
        const { version } = assign(manifest, prompt, user).variant;
        const { success, milliseconds: usual } = behaviour[version] ?? { success: 1, milliseconds: 1 };
        const failed = random.next() >= success;
        const milliseconds = Math.round(usual * 2 ** (2 * random.next() - 1));
        const call = { user, version, failed, milliseconds, generation, prompt, at: Date.now() - start };
        return callLine(call);
      });
      appendFileSync(path.join(telemetry, 'data.json'), lines.join(''));
    },
  };
}
