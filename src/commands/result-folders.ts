import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { hasReport } from '../reports/write-reports.ts';

/**
 * Folders that hold a report: each as it is named, or, where it holds none, those below it that do, as several artifacts are laid down when
 * they are downloaded. One without any is returned as it is, for its reader to refuse.
 */
export function resultFolders(named: readonly string[]): string[] {
  return named.flatMap((folder) => {
    const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
    if (hasReport(folder) || !isFolder) return [folder];
    const below = readdirSync(folder)
      .sort()
      .map((name) => path.join(folder, name))
      .filter(hasReport);
    return below.length === 0 ? [folder] : below;
  });
}
