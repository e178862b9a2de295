import path from 'node:path';

/** The repository's files as an import sees them; names are relative to its root, with forward slashes. */
export type SourceFiles = {
  readonly names: readonly string[];
  /** Throws an input error for a file that cannot be read. */
  read(name: string): string;
};

/** The files of a repository a reference of a configuration means: a path or a pattern, relative to the configuration's folder. */
export function filesNamed(reference: string, from: string, { names }: SourceFiles): string[] {
  const target = path.posix.normalize(path.posix.join(path.posix.dirname(from), reference));
  if (names.includes(target)) return [target];
  if (!/[*?[{]/.test(target)) return [];
  return names.filter((name) => path.posix.matchesGlob(name, target));
}

/** What stands after `file://`; undefined for a text that refers to no file. */
export function fileReference(text: string): string | undefined {
  return text.startsWith('file://') ? text.slice('file://'.length) : undefined;
}
