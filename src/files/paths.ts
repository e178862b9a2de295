import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { inputError, type Location } from '../errors.ts';

/**
 * The absolute path of `relative` inside `root`. A path in a user's file must not lead out of the
 * repository, neither by `..` nor through a symbolic link: files of a pull request would read the runner's.
 */
export function resolveInside(root: string, relative: string, location?: Location): string {
  const absolute = path.resolve(root, relative);
  const outside = inputError(`"${relative}" leads out of the repository`, 'Name a path inside it', location);
  if (!contains(path.resolve(root), absolute)) throw outside;
  const existing = nearestExisting(absolute);
  if (!contains(realpathSync(root), realpathSync(existing))) throw outside;
  return absolute;
}

/** A path as people see it: relative to the repository where it lies inside, with forward slashes. */
export function displayPath(root: string, absolute: string): string {
  const relative = path.relative(root, absolute);
  const shown = relative.startsWith('..') || path.isAbsolute(relative) ? absolute : relative;
  return shown.split(path.sep).join('/');
}

function contains(parent: string, child: string): boolean {
  const relative = path.relative(parent, child);
  return (
    relative === '' ||
    (!relative.startsWith(`..${path.sep}`) && relative !== '..' && !path.isAbsolute(relative))
  );
}

function nearestExisting(absolute: string): string {
  let current = absolute;
  while (!existsSync(current)) current = path.dirname(current);
  return current;
}
