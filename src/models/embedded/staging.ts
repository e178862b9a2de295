import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { createFolder } from '../../files/create-folder.ts';
import { errorCode } from '../../files/read-write.ts';

/*
 * How an installation appears all at once, though processes are killed and two may install the same thing:
 * each works in a staging folder of its own and at the end renames the finished folder to its final name.
 * The first to rename wins; the others find the name taken by a folder verified the same way and drop
 * theirs. So there is no lock to go stale. Staging folders carry their owner's host and process id, and
 * those whose owner is gone are removed by the next installation.
 */

const abandonedAfterMs = 24 * 60 * 60 * 1000;
const host = hostname().replaceAll(/[^A-Za-z0-9.]/g, '_');

/** Creates a staging folder inside `parent` (created too); the caller removes it. */
export async function createStaging(parent: string): Promise<string> {
  createFolder(parent);
  return mkdtemp(path.join(parent, `.staging-${host}-${process.pid}-`));
}

/** Removes what killed installations left: a dead owner on this host, or anything a day old. */
export async function removeAbandonedStaging(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    const folder = path.join(parent, name);
    if (await isAbandoned(folder, name)) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

async function isAbandoned(folder: string, name: string): Promise<boolean> {
  const owner = /^\.staging-(.+)-(\d+)-[A-Za-z0-9]{6}$/.exec(name);
  if (!owner) return false;
  if (owner[1] === host && !isRunning(Number(owner[2]))) return true;
  const made = await stat(folder).catch(() => null);
  return made !== null && Date.now() - made.mtimeMs > abandonedAfterMs;
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/**
 * Gives a finished folder its final name. Where the name is taken, the folder there stays, unless it is to
 * be replaced: then it is moved into `staging`, which the caller removes.
 */
export async function publish(
  finished: string,
  target: string,
  { staging, replace }: { staging: string; replace: boolean },
): Promise<void> {
  if (replace) {
    await rename(target, path.join(staging, 'replaced')).catch((error: unknown) => {
      if (errorCode(error) !== 'ENOENT') throw error;
    });
  }
  await rename(finished, target).catch(async (error: unknown) => {
    // Systems differ in the code they give for a name that is taken.
    if (!(await stat(target).catch(() => null))) throw error;
  });
}
