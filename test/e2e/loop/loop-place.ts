import { execFileSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { gitEnvironment } from '../../emulator/git.ts';
import { isPull } from '../../emulator/state.ts';
import { startProtocolServer } from '../../protocol-server/server.ts';
import { branchOf, releasesOf } from '../../release/released-repository.ts';
import { startFileServer } from '../../runtime/file-server.ts';
import { openPlace, type Place, temporaryFolder } from '../github/proposing-repository.ts';
import { startAssistant } from './application.ts';
import { answerOf } from './assistant.ts';
import { assistantFiles, file, prompt } from './assistant-files.ts';
import { initialized } from './initialized.ts';
import { action, workflowsOf } from './workflows.ts';
import { startWorldClock } from './world-clock.ts';

/**
 * A repository on a GitHub of its own with the workflows that `init` writes, the model that its prompt asks, a web server that serves
 * the branch of rollouts, and the time in which all of it happens. The application is not there yet.
 */
export async function openLoopPlace() {
  const clock = startWorldClock();
  const model = await startProtocolServer({}, 0, answerOf);
  onTestFinished(() => model.close());
  const telemetry = temporaryFolder(onTestFinished);
  const files = await initialized(assistantFiles(model.address, telemetry), action);
  const place = await openPlace(files, onTestFinished);
  const branch = await startFileServer(filesBy((name) => served(place, name)));
  const { repository, person, at } = place;
  return {
    ...place,
    ...workflowsOf(place, files, clock),
    ...{ clock, files },
    startApplication: () =>
      startAssistant({ manifest: `${branch.address}/flags.json`, model: model.address, telemetry }),
    releases: () => releasesOf(repository),
    /** The branch of rollouts as people read it. */
    rollouts: async () => {
      const found = await branchOf(repository);
      if (!found) throw new Error('nothing has been released');
      return found;
    },
    /** Tags of the steps of rollouts. */
    async steps(): Promise<readonly string[]> {
      const tags = await repository.git.references('refs/tags/rollouts');
      return tags.map(({ ref }) => ref.replace(`refs/tags/rollouts/${prompt}@`, ''));
    },
    /** Issues in the order they were opened. */
    issues: () => [...repository.issues.values()].filter((issue) => !isPull(issue)),
    /** A person's pull request that changes the prompt's file. */
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
  };
}

/** Files that are looked up when they are asked for. */
function filesBy(read: (name: string) => string | undefined): Record<string, string> {
  return new Proxy({}, { get: (_, name) => read(String(name)) });
}

/** A file of the branch of rollouts as it is now. */
function served({ repository }: Place, name: string): string | undefined {
  const { directory: cwd } = repository.git;
  const reading = { cwd, env: gitEnvironment, stdio: 'pipe', encoding: 'utf8' } as const;
  try {
    return execFileSync('git', ['show', `promptline-rollouts:${name}`], reading);
  } catch {
    // It is not there yet.
    return undefined;
  }
}
