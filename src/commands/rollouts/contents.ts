import type { FileChange } from '../../host/repository-host.ts';
import { exportPrompts } from '../../prompts/exporting/export.ts';
import type { Prompt } from '../../prompts/prompt.ts';
import type { Release } from '../../rollout/state.ts';

/** A published version with what is sent for it. */
export type ReleasedPrompt = { readonly release: Release; readonly prompt: Prompt };

/** What is sent for a released version, as the file beside the manifest that `promptline/runtime` fetches by the release's tag. */
export function contentFile({ release, prompt }: ReleasedPrompt): FileChange {
  const { files } = exportPrompts([{ prompt, source: '' }], 'json');
  return { path: `${release.ref}.json`, content: files[`${prompt.id}.json`] ?? '' };
}
