import path from 'node:path';
import { GitError, type SimpleGit, simpleGit } from 'simple-git';
import { inputError, outsideError, type PromptlineError } from '../errors.ts';
import { createFolder } from '../files/create-folder.ts';

/** A commit of the repository a folder belongs to. */
export type GitTree = {
  /** Full id. */
  readonly commit: string;
  /** The ref as it was asked for. */
  readonly ref: string;
  /** Paths of all files below the folder, relative to it, with `/`. */
  readonly files: readonly string[];
  /** The text of one of the files. */
  read(file: string): Promise<string>;
  /**
   * Writes files of the commit below `target` and returns where the folder stands there. Neither the working tree nor the index
   * is touched.
   */
  export(files: readonly string[], target: string): Promise<string>;
};

/** The longest a command line may get is a matter of the system; this many paths fit in any. */
const PATHS_AT_ONCE = 200;

/**
 * Opens a commit for reading.
 * @param folder inside a working tree; paths are relative to it
 * @throws {PromptlineError} where there is no repository, no such commit, or no Git
 */
export async function openTree(folder: string, ref: string): Promise<GitTree> {
  const git = simpleGit({ baseDir: folder });
  const commit = await resolveCommit(git, ref);
  const listed = await git.raw(['ls-tree', '-r', '-z', '--name-only', commit, '.']);
  const files = listed.split('\0').filter((file) => file !== '');
  const prefix = (await git.raw(['rev-parse', '--show-prefix'])).trim();
  const top = (await git.raw(['rev-parse', '--show-toplevel'])).trim();
  return {
    commit,
    ref,
    files,
    read: (file) => git.raw(['show', `${commit}:./${file}`]),
    export: (wanted, target) => exportFiles({ top, prefix, commit }, wanted, target),
  };
}

async function resolveCommit(git: SimpleGit, ref: string): Promise<string> {
  let inside: boolean;
  try {
    inside = await git.checkIsRepo();
  } catch (error) {
    throw (
      refusedOwner(error) ?? outsideError('git could not be run', 'Install Git, or leave --base out', error)
    );
  }
  if (!inside) throw inputError('there is no Git repository here', 'Run in one, or leave --base out');
  try {
    return (await git.raw(['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`])).trim();
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw inputError(
      `there is no commit "${ref}"`,
      'Name a branch, a tag or a commit; in a shallow clone fetch it first (`fetch-depth: 0` of actions/checkout)',
    );
  }
}

/** What Git says of a folder that another user made, as a job's container finds it; null for anything else. */
function refusedOwner(error: unknown): PromptlineError | null {
  if (!(error instanceof GitError) || !/dubious ownership/.test(error.message)) return null;
  const [, folder = '.'] = /repository at '(.+)'/.exec(error.message) ?? [];
  return inputError(
    `Git does not read the repository ${folder}, which belongs to another user`,
    `Run \`git config --global --add safe.directory "${folder}"\` first`,
  );
}

/**
 * Writes files through an index of their own: Git's filters (large files, line endings) apply as at a checkout. A symbolic link
 * becomes a file that holds its target: what a commit says must not lead out of the folder.
 */
async function exportFiles(
  { top, prefix, commit }: { top: string; prefix: string; commit: string },
  wanted: readonly string[],
  target: string,
): Promise<string> {
  createFolder(target);
  const { PATH, HOME } = process.env;
  const git = simpleGit({
    baseDir: top,
    config: ['core.symlinks=false'],
    allowEnvironment: ['GIT_INDEX_FILE'],
  }).env({ PATH, HOME, GIT_INDEX_FILE: path.join(target, '.index') });
  await git.raw(['read-tree', commit]);
  // The prefix of the folder comes back in each path, so that the target stands for the top of the repository.
  for (let start = 0; start < wanted.length; start += PATHS_AT_ONCE) {
    const paths = wanted.slice(start, start + PATHS_AT_ONCE).map((file) => `${prefix}${file}`);
    await git.raw(['checkout-index', '--force', `--prefix=${target}/`, '--', ...paths]);
  }
  return path.join(target, prefix);
}
