import type { RepositoryHost } from '../host/repository-host.ts';

/** A prompt's file at a commit. */
export type PromptFileAt = {
  /** Relative to the repository. */
  readonly path: string;
  readonly content: string;
};

/**
 * The file of a prompt at a commit or a tag, under either of its names; null where there is none.
 * @param folder of promptline.yaml, relative to the repository: empty at the top, else with a slash at its end
 */
export async function promptFileAt(
  host: Pick<RepositoryHost, 'readFile'>,
  { folder, id, commit }: { readonly folder: string; readonly id: string; readonly commit: string },
): Promise<PromptFileAt | null> {
  for (const extension of ['yaml', 'yml']) {
    const path = `${folder}prompts/${id}.prompt.${extension}`;
    const content = await host.readFile(path, commit);
    if (content !== null) return { path, content };
  }
  return null;
}
