import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { runInit } from '../../../src/commands/init.ts';
import { temporaryFolder } from '../github/proposing-repository.ts';

/** Files of a repository as they are when `init` has been run beside them. */
export async function initialized(
  files: Readonly<Record<string, string>>,
  action: string,
): Promise<Readonly<Record<string, string>>> {
  const folder = temporaryFolder(onTestFinished);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  await runInit({ root: folder, dryRun: false, action, environment: {}, package: folder });
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}
