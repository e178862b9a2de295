import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { appendRows, type LooseExample, parseRows } from '../../datasets/append-rows.ts';
import { displayPath } from '../../files/paths.ts';
import { readText } from '../../files/read-write.ts';
import type { FileChange } from '../../host/repository-host.ts';
import { splitPath, type Workspace } from '../workspace.ts';

/** The texts of the two files that a harvest writes to; null for one that does not exist. */
export type FamilyTexts = { readonly train: string | null; readonly unlabelled: string | null };

/** Where the two files lie, from the top of the repository: rows with a reference, and rows that wait for one. */
export type FamilyPlaces = { readonly train: string; readonly unlabelled: string };

/**
 * The files of a family, and their absolute paths.
 * @throws {PromptlineError} where the family has no training split
 */
export function placesOf({ root, configuration }: Workspace, family: string, top: string) {
  const settings = configuration.families[family];
  if (!settings) throw new RangeError(`there is no family ${family}`);
  const train = splitPath(root, settings, 'train', family);
  const unlabelled = path.join(path.dirname(train), `unlabelled${path.extname(train)}`);
  return {
    absolute: { train, unlabelled },
    places: { train: displayPath(top, train), unlabelled: displayPath(top, unlabelled) },
  };
}

export function localTexts({ train, unlabelled }: FamilyPlaces, shown: FamilyPlaces): FamilyTexts {
  return {
    train: readText(train, shown.train),
    unlabelled: existsSync(unlabelled) ? readText(unlabelled, shown.unlabelled) : null,
  };
}

export function rowsIn(texts: FamilyTexts, places: FamilyPlaces) {
  return {
    train: parseRows(texts.train ?? '', places.train),
    unlabelled: parseRows(texts.unlabelled ?? '', places.unlabelled),
  };
}

/** The files with rows added, those with a reference to the training split; only files that change. */
export function withRows(
  texts: FamilyTexts,
  places: FamilyPlaces,
  rows: readonly LooseExample[],
): FileChange[] {
  const labelled = rows.filter(({ expected }) => expected !== undefined);
  const waiting = rows.filter(({ expected }) => expected === undefined);
  const train = { path: places.train, content: appendRows(texts.train, places.train, labelled) };
  const unlabelled = {
    path: places.unlabelled,
    content: appendRows(texts.unlabelled, places.unlabelled, waiting),
  };
  return [...(labelled.length > 0 ? [train] : []), ...(waiting.length > 0 ? [unlabelled] : [])];
}

/** Digest of files, whatever their order. */
export function digestOf(files: readonly FileChange[]): string {
  const contents = files.map(({ path: file, content }) => [file, content]).sort();
  return createHash('sha256').update(JSON.stringify(contents)).digest('hex');
}
