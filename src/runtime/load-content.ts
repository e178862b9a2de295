import type { Variant } from '../rollout/manifest.ts';
import { contentAddress } from './address.ts';
import { type Content, contentOf } from './content.ts';
import { readAddress, shownAddress } from './read-address.ts';
import type { CommonOptions } from './types.ts';

/** Fetches the content of a release and checks it. Rejects with a PromptlineError. */
export type LoadContent = (variant: Variant) => Promise<Content>;

/**
 * @param base the manifest's address, null where there is none
 * @param signal ends all requests
 */
export function contentLoader(
  { contents = '{ref}.json', headers = {}, timeoutSeconds = 10 }: CommonOptions,
  base: URL | null,
  signal: AbortSignal,
): LoadContent {
  // A slip in the template is told at the start, not at the first release.
  contentAddress(contents, 'prompts/family/name@1.0.0', base);
  return async ({ ref, sha256 }) => {
    const address = contentAddress(contents, ref, base);
    const ours = base === null || base.protocol === 'file:' || base.origin === address.origin;
    const options = { headers: ours ? headers : {}, etag: null, timeoutMs: timeoutSeconds * 1000, signal };
    const body = await readAddress(address, options);
    return contentOf(body?.text ?? '', sha256, shownAddress(address));
  };
}
