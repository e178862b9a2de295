import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { outsideError, PromptlineError } from '../../errors.ts';
import { errorCode } from '../../files/read-write.ts';
import { NpmError, npmInstall } from './npm.ts';
import type { PinnedPackage } from './packages.ts';
import { type PullProgress, progressReporter, reportGrowth } from './progress.ts';
import { createStaging, publish, removeAbandonedStaging } from './staging.ts';

/** Something that is installed as one folder: all of it or nothing. */
export type Component = {
  readonly part: PullProgress['part'];
  /** Absolute; it exists only when the component is complete. */
  readonly folder: string;
  readonly packages: readonly PinnedPackage[];
  /** What the packages take on disk. */
  readonly bytes: number;
  /** Makes the component's content in the empty folder `into` from the packages in `nodeModules`. */
  assemble(nodeModules: string, into: string, signal: AbortSignal | undefined): Promise<void>;
};

export type InstallOptions = {
  /** Replaces a folder that is already there. */
  readonly replace: boolean;
  readonly environment: NodeJS.ProcessEnv;
  readonly onProgress: ((progress: PullProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
};

/**
 * Downloads and assembles a component beside its final place, then renames it there. Whatever happens, no
 * half of it is ever seen and its staging folder is removed (after a kill: by the next installation).
 *
 * @throws outsideError when npm, the network or the disk fails; the signal's reason when it was aborted
 */
export async function install(component: Component, options: InstallOptions): Promise<void> {
  const { environment, signal, replace, onProgress } = options;
  const parent = path.dirname(component.folder);
  const report = progressReporter(component.part, component.bytes, onProgress);
  let staging: string | undefined;
  try {
    await removeAbandonedStaging(parent);
    staging = await createStaging(parent);
    const download = { folder: staging, packages: component.packages, environment, signal };
    await reportGrowth(staging, report, () => npmInstall(download));
    report('verifying', component.bytes);
    const finished = path.join(staging, 'finished');
    await mkdir(finished);
    await component.assemble(path.join(staging, 'node_modules'), finished, signal);
    await publish(finished, component.folder, { staging, replace });
    report('ready', component.bytes);
  } catch (error) {
    throw signal?.aborted ? signal.reason : explainFailure(error, component, parent);
  } finally {
    if (staging) await rm(staging, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
}

const otherModels = 'or use another model: one of a provider, or a GGUF file by its path (gguf/<path>)';

function explainFailure(error: unknown, { part, bytes }: Component, cache: string): PromptlineError {
  if (error instanceof PromptlineError) return error;
  const what = part === 'runtime' ? 'the runtime of the embedded model' : 'the weights of the embedded model';
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const megabytes = Math.ceil((2 * bytes) / 1_000_000);
    return outsideError(
      `${what} cannot be installed: no space left on the disk of ${cache}`,
      `Free ${megabytes} MB, or set PROMPTLINE_CACHE to a folder on another disk`,
      error,
    );
  }
  const reason = error instanceof NpmError ? `npm: ${error.message}` : String(error);
  const remedy =
    error instanceof NpmError ? 'Check that npm works and reaches its registry' : `Check ${cache}`;
  return outsideError(`${what} cannot be installed (${reason})`, `${remedy}, ${otherModels}`, error);
}
