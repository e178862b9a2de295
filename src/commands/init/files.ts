import { existsSync } from 'node:fs';
import path from 'node:path';
import { inputError } from '../../errors.ts';
import { displayPath, resolveInside } from '../../files/paths.ts';
import { readText, writeWhole } from '../../files/read-write.ts';

/** What became of the files of `init`, by path as people see it. */
export type Written = { readonly written: string[]; readonly kept: string[] };

/** Writes files that are not there yet; those that are stay as they are. */
export function writeNew(
  root: string,
  files: Readonly<Record<string, string>>,
  { dryRun, done }: { dryRun: boolean; done: Written },
): void {
  for (const [name, text] of Object.entries(files)) {
    const file = resolveInside(root, name, { file: name });
    if (existsSync(file)) {
      done.kept.push(name);
      continue;
    }
    if (!dryRun) writeWhole(file, text);
    done.written.push(name);
  }
}

const ignored = '.promptline/';

/** Makes Git ignore what promptline keeps on a machine: answers and results. A line is added, none is changed. */
export function ignoreResults(root: string, { dryRun, done }: { dryRun: boolean; done: Written }): void {
  const name = '.gitignore';
  const file = resolveInside(root, name, { file: name });
  const text = existsSync(file) ? readText(file, name) : '';
  const isThere = text.split(/\r?\n/).some((line) => /^\/?\.promptline\/?$/.test(line.trim()));
  if (isThere) {
    done.kept.push(name);
    return;
  }
  const separator = text === '' || text.endsWith('\n') ? '' : '\n';
  if (!dryRun) writeWhole(file, `${text}${separator}${ignored}\n`);
  done.written.push(name);
}

/** The top of the Git repository around a folder; the folder itself where there is none. */
export function repositoryTop(folder: string): string {
  for (let top = path.resolve(folder); ; top = path.dirname(top)) {
    if (existsSync(path.join(top, '.git'))) return top;
    if (path.dirname(top) === top) return path.resolve(folder);
  }
}

/**
 * A folder inside another, with a slash at its end; empty for the same one. Refuses a name that means something else in a workflow.
 */
export function folderInside(top: string, folder: string): string {
  const relative = displayPath(top, path.resolve(folder));
  if (!/^[\w./-]*$/.test(relative))
    throw inputError(
      `the folder "${relative}" cannot be named in a workflow`,
      'Rename it to letters, digits, dots and dashes',
    );
  return relative === '' ? '' : `${relative}/`;
}
