import { existsSync } from 'node:fs';
import path from 'node:path';
import { resolveInside } from '../files/paths.ts';
import { readText, writeWhole } from '../files/read-write.ts';
import { parseScorebook, withEntries } from '../optimization/scorebook.ts';
import type { ScorebookEntry } from '../optimization/scorebook-schema.ts';

/** The entries of a prompt's scorebook; none where there is no file. Throws inputError for a broken one. */
export function loadScorebook(root: string, id: string): ScorebookEntry[] {
  const text = readScorebook(root, id);
  return text === null ? [] : parseScorebook(text, shownOf(id));
}

/** Writes the repository's scorebook of a prompt with further entries, below each of the folders. */
export function writeScorebook(
  root: string,
  id: string,
  { entries, folders }: { entries: readonly ScorebookEntry[]; folders: readonly string[] },
): void {
  const text = withEntries(readScorebook(root, id), shownOf(id), entries);
  for (const folder of folders) writeWhole(path.join(folder, shownOf(id)), text);
}

function readScorebook(root: string, id: string): string | null {
  const file = resolveInside(root, shownOf(id));
  return existsSync(file) ? readText(file, shownOf(id)) : null;
}

function shownOf(id: string): string {
  return `scores/${id}.yaml`;
}
