import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { millisecondsOf } from '../../config/duration.ts';
import type { PublishConfiguration } from '../../config/rollout.ts';
import { outsideError, PromptlineError } from '../../errors.ts';
import { createFolder } from '../../files/create-folder.ts';
import { resolveInside } from '../../files/paths.ts';
import { errorCode } from '../../files/read-write.ts';
import type { StateBranch } from '../../host/state-branch.ts';
import { runCommand } from './run-command.ts';

/** Brings what is served to where applications read it, by a command of the user's. The branch stays the truth, whatever becomes of that. */
export type Publisher = {
  /**
   * Publishes what is served, unless this process has already: after a kill the next one does.
   * @param commit of the branch, as it is known to be
   * @throws {PromptlineError} where the command fails
   */
  publish(commit: string | null): Promise<void>;
  /** The same at the end of a look; what failed in this look is left to the next. */
  retry(commit: string | null): Promise<void>;
};

export type PublisherOptions = PublishConfiguration & {
  /** Where the command runs. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** Stands for the folder in an argument of the command. */
const FOLDER = '{folder}';

/** Times that what is served may change while it is published, until that is left to the next look. */
const MOST_ROUNDS = 5;

/** Where there is no command: whoever serves the branch itself publishes nothing. */
export const noPublisher: Publisher = { publish: async () => {}, retry: async () => {} };

export function openPublisher(branch: StateBranch, options: PublisherOptions): Publisher {
  const done: { digest: string | null; commit: string | null } = { digest: null, commit: null };
  let hasJustFailed = false;

  async function publish(known: string | null): Promise<void> {
    if (known === done.commit) return;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { commit, files } = await branch.read();
      const served = servedFiles(files);
      const digest = digestOf(served);
      // Also after the command: of two who publish at once the slower one may have brought back what is old.
      if (digest === done.digest || served.size === 0) {
        done.commit = commit;
        return;
      }
      hasJustFailed = true;
      await runOn(served, options);
      hasJustFailed = false;
      done.digest = digest;
    }
  }

  return {
    publish,
    async retry(commit) {
      const isLeft = hasJustFailed;
      hasJustFailed = false;
      if (!isLeft) await publish(commit).finally(() => (hasJustFailed = false));
    },
  };
}

/** The manifest and the contents beside it; states are nobody else's. */
function servedFiles(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...files].filter(([file]) => file === 'flags.json' || /^prompts\/.+\.json$/.test(file)).toSorted(),
  );
}

function digestOf(files: ReadonlyMap<string, string>): string {
  return createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex');
}

async function runOn(
  files: ReadonlyMap<string, string>,
  { command, timeout, root, environment }: PublisherOptions,
): Promise<void> {
  const folder = writeFolder(files);
  try {
    const args = command.map((argument) => argument.replaceAll(FOLDER, folder));
    const problem = await runCommand(args, { folder: root, environment, limit: millisecondsOf(timeout) });
    if (problem !== null) throw notPublished(`the command of rollout.publish: ${problem}`);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A temporary folder with these files. */
function writeFolder(files: ReadonlyMap<string, string>): string {
  try {
    const folder = mkdtempSync(path.join(tmpdir(), 'promptline-publish-'));
    for (const [name, content] of files) {
      const file = resolveInside(folder, name);
      createFolder(path.dirname(file));
      writeFileSync(file, content);
    }
    return folder;
  } catch (error) {
    if (error instanceof PromptlineError) throw error;
    throw notPublished(`its files cannot be written (${errorCode(error)})`, error);
  }
}

function notPublished(why: string, cause?: unknown): PromptlineError {
  return outsideError(
    `what is served was not published: ${why}`,
    'The branch has it, and the next look of watch tries again',
    cause,
  );
}
