import type { RepositoryHost } from '../host/repository-host.ts';
import { parsePrompt } from '../prompts/load.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { attempt } from './attempt.ts';

/** Where prompts lie in a repository. */
export type PromptPlace = {
  /** Of promptline.yaml, relative to the repository: empty at the top, else with a slash at its end. */
  readonly folder: string;
  /** Of prompts that name no model. */
  readonly defaultModel: string;
};

/** A prompt's file at a commit. */
export type PromptAt = {
  /** Relative to the repository. */
  readonly path: string;
  readonly content: string;
  /** Null where the file does not load. */
  readonly prompt: Prompt | null;
};

/** A prompt at a commit or a tag, under either name of its file; null where there is none. */
export async function promptAt(
  host: Pick<RepositoryHost, 'readFile'>,
  id: string,
  { commit, folder, defaultModel }: PromptPlace & { readonly commit: string },
): Promise<PromptAt | null> {
  for (const extension of ['yaml', 'yml']) {
    const path = `${folder}prompts/${id}.prompt.${extension}`;
    const content = await host.readFile(path, commit);
    if (content === null) continue;
    const read = attempt(() => parsePrompt(content, { id, shown: path, defaultModel }));
    return { path, content, prompt: 'value' in read ? read.value : null };
  }
  return null;
}
