import { globSync, readdirSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';

/** A file of telemetry as it was found. */
export type FoundFile = {
  readonly absolute: string;
  /** For people. */
  readonly shown: string;
  readonly gzip: boolean;
  /** Bytes, and milliseconds since 1970. */
  readonly size: number;
  readonly changed: number;
};

/** Changes whenever the file does. */
export function identityOf({ absolute, size, changed }: FoundFile): string {
  return `${absolute} ${size} ${changed}`;
}

/** Whether a path stands for all files that match it. */
export function isPattern(given: string): boolean {
  return /[*?[\]{}]/.test(given);
}

/**
 * The files a path means, the one that changed longest ago first: a file with its rotated ones (renamed with a time or a number, and
 * perhaps gzipped), all files of a folder, or all that match a pattern.
 *
 * @param given absolute, or relative to `root`, whose own name may look like a pattern and is none
 */
export function findFiles(root: string, given: string): readonly FoundFile[] {
  const names = isPattern(given)
    ? globSync([given, `${given}.gz`], { cwd: root })
    : namesOf(path.resolve(root, given));
  return names
    .map((name) => path.resolve(root, name))
    .flatMap((file) => foundOf(file))
    .toSorted((a, b) => a.changed - b.changed || (a.absolute < b.absolute ? -1 : 1));
}

function namesOf(absolute: string): readonly string[] {
  if (statsOf(absolute)?.isDirectory())
    return listing(absolute)
      .filter((name) => /\.(jsonl?|ndjson|log)(\.\d+)?(\.gz)?$/.test(name))
      .map((name) => path.join(absolute, name));
  const current = path.parse(absolute);
  return listing(current.dir)
    .filter((name) => isRotated(name, current))
    .map((name) => path.join(current.dir, name));
}

/**
 * Whether a name is `data.json` or one it was rotated to: `data-2026-09-14T05-02-14.173.json`, the same with `-size` or `-time`,
 * `data.json.1`, each perhaps with `.gz`.
 */
function isRotated(
  name: string,
  { name: stem, ext }: { readonly name: string; readonly ext: string },
): boolean {
  const plain = name.replace(/\.gz$/, '').replace(/\.\d+$/, '');
  if (!plain.startsWith(stem) || !plain.endsWith(ext)) return false;
  const between = plain.slice(stem.length, plain.length - ext.length);
  return /^(-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}(-[a-z]+)?)?$/.test(between);
}

function listing(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Null where there is nothing, or nothing that can be looked at: a link to itself, a folder of others. */
function statsOf(absolute: string): Stats | null {
  try {
    return statSync(absolute);
  } catch {
    return null;
  }
}

/** None where it is gone again, or no file. */
function foundOf(absolute: string): readonly FoundFile[] {
  const found = statsOf(absolute);
  if (!found?.isFile()) return [];
  const gzip = absolute.endsWith('.gz');
  return [{ absolute, shown: path.basename(absolute), gzip, size: found.size, changed: found.mtimeMs }];
}
