import { cpSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { Event } from '../../emulator/payloads.ts';
import { type Job, type JobResult, runAction } from '../../emulator/runner.ts';
import { type Place, temporaryFolder } from '../github/proposing-repository.ts';
import { filled, jobOf } from '../github/workflow-job.ts';
import { prompt } from './assistant-files.ts';
import type { WorldClock } from './world-clock.ts';

/** The Action as the workflows name it. */
export const action = `promptline/promptline@${'0'.repeat(40)}`;

/** What a job is run with, beside what its workflow says. */
type Run = Pick<Job, 'prepare' | 'inspect'> & {
  /** Somebody started it by hand where none is given. */
  readonly event?: Event;
  readonly matrix?: Entry;
  /** In place of those of the workflow. */
  readonly inputs?: Readonly<Record<string, string>>;
};

/** One entry of the matrix of `promptline-optimize.yml`. */
type Entry = { readonly family: string; readonly ids: string };

/** Where jobs of `promptline-optimize.yml` have results. */
const results = 'promptline-results';

/**
 * The workflows that lie in a repository, run as GitHub runs them: with what their files say, and nothing else. The repository has no
 * secrets.
 */
export function workflowsOf(place: Place, files: Readonly<Record<string, string>>, clock: WorldClock) {
  const { emulator, repository, events } = place;

  async function job(workflow: string, name: string, run: Run = {}): Promise<JobResult> {
    const file = `promptline-${workflow}.yml`;
    const { permissions, fetchDepth, inputs } = jobOf(files[`.github/workflows/${file}`] ?? '', name, action);
    const token = emulator.tokens.workflow(repository, permissions);
    const { event = await events.workflowDispatch(file), matrix, prepare, inspect } = run;
    const given = filled(inputs, { github: { token, event: event.payload }, inputs: {}, matrix });
    return runAction({
      ...{ emulator, repository, event, token, fetchDepth, environment: clock.environment() },
      inputs: { ...given, ...run.inputs },
      ...(prepare && { prepare }),
      ...(inspect && { inspect }),
    });
  }

  const night = () => events.schedule('23 3 * * *');

  /** The first job of the nightly optimization. */
  async function due(event?: Event) {
    const run = await job('optimize', 'due', { event: event ?? (await night()) });
    const matrix: { include: readonly Entry[] } = JSON.parse(run.outputs['matrix'] ?? '');
    return { ...run, matrix: matrix.include };
  }

  return {
    due,
    /** The nightly optimization: what is due, a job for each family, and what is proposed. Gives what was due. */
    async optimize() {
      const event = await night();
      const found = await due(event);
      const artifacts = temporaryFolder(onTestFinished);
      const upload = (workspace: string, index: number) =>
        cpSync(path.join(workspace, results), path.join(artifacts, `promptline-${index}`), {
          recursive: true,
        });
      const searches = found.matrix.map((matrix, index) => {
        const inspect = (workspace: string) => upload(workspace, index);
        return job('optimize', 'optimize', { event, matrix, inspect });
      });
      await Promise.all(searches);
      const download = (workspace: string) =>
        cpSync(artifacts, path.join(workspace, results), { recursive: true });
      if (searches.length > 0) await job('optimize', 'propose', { event, prepare: download });
      return found;
    },
    alerts: () => job('alerts', 'alerts'),
    harvest: () => job('harvest', 'harvest'),
    /** What a push to the default branch starts. */
    release: async () => job('release', 'release', { event: await events.push('main') }),
    /** The watch that the end of a release starts, or that of the step before. */
    async watch(by: 'release' | 'step') {
      const inputs = { interval: '1s', minutes: '8' };
      if (by === 'step') return job('watch', 'watch', { inputs });
      const ended = { path: '.github/workflows/promptline-release.yml', event: 'push', branch: 'main' };
      const event = await events.workflowRunCompleted(await emulator.addRun(repository, ended));
      return job('watch', 'watch', { event, inputs });
    },
    /** What somebody does with the branch of rollouts. */
    byHand: (command: string, reason: string) =>
      job('watch', 'watch', { inputs: { command, ids: prompt, minutes: '', reason } }),
  };
}
