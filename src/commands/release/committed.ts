import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openTree } from '../../host/git-tree.ts';

/** The prompts and scorebooks of a repository as its commit has them, whatever the working tree holds. */
export type Committed = {
  readonly commit: string;
  /** A folder with `prompts/` and `scores/` of that commit. */
  readonly root: string;
  close(): void;
};

/** Throws a PromptlineError where there is no repository or no commit. */
export async function openCommitted(root: string): Promise<Committed> {
  const tree = await openTree(root, 'HEAD');
  const target = mkdtempSync(path.join(tmpdir(), 'promptline-release-'));
  const close = () => rmSync(target, { recursive: true, force: true });
  try {
    const wanted = tree.files.filter((file) => /^(prompts|scores)\//.test(file));
    return { commit: tree.commit, root: await tree.export(wanted, target), close };
  } catch (error) {
    close();
    throw error;
  }
}
