import { inputError, PromptlineError } from '../../errors.ts';
import { displayPath } from '../../files/paths.ts';
import { BurnedTagError, type ReleaseHost } from '../../host/release-host.ts';
import { PermissionError, type RepositoryHost } from '../../host/repository-host.ts';
import { promptId } from '../../prompts/load.ts';
import { unreleased } from '../../prompts/version.ts';
import type { Release } from '../../rollout/state.ts';
import { selectPromptFiles, type Workspace } from '../workspace.ts';
import { openCommitted } from './committed.ts';
import { type ReleaseRun, readCommitted, releaseOne } from './release-one.ts';

/** What became of one prompt's version. */
export type Released = {
  readonly id: string;
  /** Empty where the file does not load. */
  readonly version: string;
  readonly outcome: 'released' | 'unchanged' | 'unnamed' | 'burned' | 'failed';
  /** Of the release. */
  readonly url: string | null;
  /** In words, where nothing was released. */
  readonly why: string | null;
};

export type ReleaseResult = {
  readonly released: readonly Released[];
  /** What is published now, by prompt: what rollouts may serve. */
  readonly releases: ReadonlyMap<string, Release>;
  readonly problems: readonly PromptlineError[];
};

export type ReleaseOptions = {
  readonly ids: readonly string[];
  /** Absolute folder of the repository's checkout, around the workspace's. */
  readonly top: string;
  readonly runUrl: string | null;
};

/**
 * Releases the version of each prompt that has no release yet, as it is committed. What fails for one prompt is told, and the others go on.
 * May be run again after any failure.
 *
 * @throws {PromptlineError} where the commit is not on the default branch, or the token may not write
 */
export async function runRelease(
  workspace: Workspace,
  host: RepositoryHost & ReleaseHost,
  { ids, top, runUrl }: ReleaseOptions,
): Promise<ReleaseResult> {
  const committed = await openCommitted(workspace.root);
  try {
    await refuseOtherBranches(host, committed.commit);
    const { configuration } = workspace;
    const below = displayPath(top, workspace.root);
    const run: ReleaseRun = {
      host,
      committed,
      tags: await host.tagsBeginning('prompts/'),
      defaultModel: configuration.models.task,
      folder: below === '' ? '' : `${below}/`,
      runUrl,
    };
    return await releaseAll(run, selectPromptFiles({ ...workspace, root: committed.root }, ids));
  } finally {
    committed.close();
  }
}

async function releaseAll(run: ReleaseRun, files: readonly string[]): Promise<ReleaseResult> {
  const released: Released[] = [];
  const releases = new Map<string, Release>();
  const problems: PromptlineError[] = [];
  for (const file of files) {
    let named = { id: promptId(run.committed.root, file), version: '' };
    const ended = (outcome: Released['outcome'], url: string | null, why: string | null) =>
      released.push({ ...named, outcome, url, why });
    try {
      const { prompt, source } = readCommitted(run, file);
      named = { id: prompt.id, version: prompt.version };
      if (prompt.version === unreleased) {
        ended('unnamed', null, 'its file names no version');
        continue;
      }
      const { isNew, url, release } = await releaseOne(run, prompt, source);
      releases.set(prompt.id, release);
      ended(isNew ? 'released' : 'unchanged', url, null);
    } catch (error) {
      // Without the right to write, every other one would fail alike.
      if (!(error instanceof PromptlineError) || error instanceof PermissionError) throw error;
      problems.push(error, ...error.also);
      ended(error instanceof BurnedTagError ? 'burned' : 'failed', null, error.message);
    }
  }
  return { released, releases, problems };
}

/** What is not merged is not released. */
async function refuseOtherBranches(host: RepositoryHost, commit: string): Promise<void> {
  const { name } = await host.defaultBranch();
  if (await host.isOnBranch(name, commit)) return;
  throw inputError(
    `the commit ${commit.slice(0, 10)} is not on the branch ${name} of ${host.repository}`,
    `Merge and push first; releases are made from ${name}`,
  );
}
