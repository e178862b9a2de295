import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describeError, PromptlineError } from '../../errors.ts';
import { resolveInside } from '../../files/paths.ts';
import { readText } from '../../files/read-write.ts';
import type { Imported } from '../../prompts/importing/imported.ts';
import { importPlainText } from '../../prompts/importing/plain-text.ts';
import { importPromptYml } from '../../prompts/importing/prompt-yml.ts';
import type { SourceFiles } from '../../prompts/importing/promptfoo/files.ts';
import { importPromptfoo } from '../../prompts/importing/promptfoo/promptfoo.ts';

/** What was found of other tools, and the files that could not be read as what their name says. */
export type FoundImports = {
  readonly imports: readonly Imported[];
  readonly unreadable: readonly { readonly file: string; readonly why: string }[];
};

/** Folders that hold no prompts of the repository's own. */
const skipped = new Set(['node_modules', 'dist', 'build', 'vendor', 'venv']);

/** More files than this are not looked through; a repository keeps its prompts near the top. */
const MOST_FILES = 50_000;

/** Finds what other tools' files a repository holds, and reads them. Each file is taken over once. */
export function findImports(root: string): FoundImports {
  const files: SourceFiles = {
    names: listFiles(root),
    read: (name) => readText(resolveInside(root, name, { file: name }), name),
  };
  const imports: Imported[] = [];
  const unreadable: { file: string; why: string }[] = [];
  const attempt = (file: string, run: () => Imported) => {
    try {
      imports.push(run());
    } catch (error) {
      if (!(error instanceof PromptlineError)) throw error;
      unreadable.push({ file, why: describeError(error) });
    }
  };
  for (const file of files.names.filter((name) => /(^|\/)promptfooconfig\.(ya?ml|json)$/.test(name)))
    attempt(file, () => importPromptfoo(file, files));
  for (const file of files.names.filter((name) => /\.prompt\.ya?ml$/.test(name)))
    attempt(file, () => importPromptYml(file, files.read(file)));
  const used = new Set(imports.flatMap((imported) => imported.used));
  for (const file of files.names.filter((name) => isPlainPrompt(name) && !used.has(name)))
    attempt(file, () => importPlainText(file, files.read(file)));
  return { imports, unreadable };
}

function isPlainPrompt(name: string): boolean {
  return /^prompts\/.*\.(txt|md)$/.test(name) && !/(^|\/)(readme|changelog|license)\b/i.test(name);
}

/** Regular files below a folder, without hidden and skipped folders, sorted. */
function listFiles(root: string): string[] {
  const names: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const name = path.posix.join(folder, entry.name);
      if (entry.isFile()) names.push(name);
      else if (entry.isDirectory() && !entry.name.startsWith('.') && !skipped.has(entry.name))
        folders.push(name);
    }
    if (names.length > MOST_FILES) break;
  }
  return names.sort();
}
