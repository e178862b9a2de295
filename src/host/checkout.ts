import { realpathSync } from 'node:fs';
import path from 'node:path';
import { simpleGit } from 'simple-git';

/**
 * The absolute folder of the checkout around a folder, under the name by which the folder has it, where that leads through a symbolic link:
 * paths from one to the other stay inside. The folder itself outside of Git.
 */
export async function checkoutOf(folder: string): Promise<string> {
  try {
    const asked = await simpleGit({ baseDir: folder }).raw(['rev-parse', '--show-toplevel', '--show-cdup']);
    const [top = '', up = ''] = asked.split('\n');
    const named = path.resolve(folder, up);
    return realpathSync(named) === realpathSync(top) ? named : top;
  } catch {
    return folder;
  }
}

/** The commit that is checked out around a folder; null outside of Git. */
export function headOf(folder: string): Promise<string | null> {
  return commitOf(folder, 'HEAD');
}

/** The commit that a reference of the checkout stands on; null where there is none. */
export async function commitOf(folder: string, reference: string): Promise<string | null> {
  try {
    const commit = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${reference}^{commit}`];
    return (await simpleGit({ baseDir: folder }).raw(commit)).trim() || null;
  } catch {
    return null;
  }
}

/** The parents of the commit that is checked out, as far as they were fetched. */
export async function parentsOf(folder: string): Promise<readonly string[]> {
  try {
    const listed = await simpleGit({ baseDir: folder }).raw(['rev-parse', 'HEAD^@']);
    return listed.split('\n').filter((commit) => commit !== '');
  } catch {
    return [];
  }
}

/** The last commit that the one that is checked out shares with another; null where none is here. */
export async function mergeBaseOf(folder: string, commit: string): Promise<string | null> {
  try {
    return (await simpleGit({ baseDir: folder }).raw(['merge-base', 'HEAD', commit])).trim() || null;
  } catch {
    return null;
  }
}

/** `owner/name` of the remote `origin`; null without one, or where it is not an address of that form. */
export async function originOf(folder: string): Promise<string | null> {
  try {
    const address = (await simpleGit({ baseDir: folder }).raw(['remote', 'get-url', 'origin'])).trim();
    return /[/:]([^/:]+\/[^/:]+?)(?:\.git)?$/.exec(address)?.[1] ?? null;
  } catch {
    return null;
  }
}

/** The name of whoever commits here; null where Git knows none. */
export async function gitNameOf(folder: string): Promise<string | null> {
  try {
    return (await simpleGit({ baseDir: folder }).raw(['config', 'user.name'])).trim() || null;
  } catch {
    return null;
  }
}

/** When a commit was made that a reference of the checkout stands on, milliseconds since 1970; null where there is none. */
export async function commitTimeOf(folder: string, reference: string): Promise<number | null> {
  try {
    const time = await simpleGit({ baseDir: folder }).raw(['log', '-1', '--format=%ct', reference, '--']);
    return time.trim() === '' ? null : 1000 * Number(time);
  } catch {
    return null;
  }
}
