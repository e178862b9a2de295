import type { StateBranch } from '../../host/state-branch.ts';
import { exportPrompts } from '../../prompts/exporting/export.ts';
import type { Prompt } from '../../prompts/prompt.ts';
import type { Release } from '../../rollout/state.ts';

/** A published version with what is sent for it. */
export type ReleasedPrompt = { readonly release: Release; readonly prompt: Prompt };

/**
 * Puts what is sent for released versions beside the manifest, where `promptline/runtime` fetches it by the release's tag; before any
 * manifest names it. What is there already stays as it is.
 *
 * @returns false where someone else changed the branch first: call it again
 */
export async function publishContents(
  branch: StateBranch,
  released: Iterable<ReleasedPrompt>,
): Promise<boolean> {
  const { commit, files } = await branch.read();
  const missing = [...released]
    .map(({ release, prompt }) => ({ path: `${release.ref}.json`, content: contentOf(prompt) }))
    .filter(({ path }) => !files.has(path));
  if (missing.length === 0) return true;
  const names = missing.map(({ path }) => path.replace(/^prompts\/|\.json$/g, ''));
  return (
    (await branch.commit({
      expected: commit,
      files: missing,
      message: `Contents of ${names.join(', ')}`,
    })) !== null
  );
}

function contentOf(prompt: Prompt): string {
  return exportPrompts([{ prompt, source: '' }], 'json').files[`${prompt.id}.json`] ?? '';
}
