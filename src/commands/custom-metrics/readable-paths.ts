import { type Dirent, readdirSync } from 'node:fs';
import path from 'node:path';
import { inputError } from '../../errors.ts';

/** Git's credentials, stored answers and keys. */
const closedNames = /^(?:\.git|\.promptline|\.env.*)$/i;

type Readable = { readonly whole: boolean; readonly paths: readonly string[] };

const NOTHING: Readable = { whole: false, paths: [] };

/**
 * What code of a repository may read, in the form of Node's `--allow-fs-read`: folders as `folder/*` where everything in
 * them may be read, else part by part. Left out are `.git`, `.promptline` and names that begin with `.env`, at any
 * depth, and symbolic links: Node follows them to wherever they lead, and a committed link to `/proc` leads to the
 * environment of this process. `root` is absolute and free of links itself.
 */
export function readablePaths(root: string): readonly string[] {
  if (root.includes('*')) {
    throw inputError(
      'custom metrics do not run in a folder with "*" in its path: Node would read it as a wildcard',
      'Rename the folder',
    );
  }
  return inFolder(root).paths;
}

function inFolder(folder: string): Readable {
  const parts = entriesOf(folder).map((entry) => readableEntry(entry, path.join(folder, entry.name)));
  if (parts.every(({ whole }) => whole)) return { whole: true, paths: [path.join(folder, '*')] };
  return { whole: false, paths: parts.flatMap(({ paths }) => paths) };
}

function readableEntry(entry: Dirent, absolute: string): Readable {
  if (closedNames.test(entry.name) || entry.name.includes('*')) return NOTHING;
  if (entry.isDirectory()) return inFolder(absolute);
  return entry.isFile() ? { whole: true, paths: [absolute] } : NOTHING;
}

/** A folder that we may not list has nothing for the code either. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
