import pMap from 'p-map';
import { outsideError, PromptlineError } from '../errors.ts';
import type { Flag, Variant } from '../rollout/manifest.ts';
import type { Content, Pinned } from './content.ts';
import { readFlags } from './flags.ts';
import type { LoadContent } from './load-content.ts';
import { readAddress, shownAddress } from './read-address.ts';
import { changesBetween, isOutdated, type Serving, serve, servedContents } from './serving.ts';
import type { PromptChange } from './types.ts';

type FollowOptions = {
  readonly address: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly load: LoadContent;
  /** Contents that need no download. */
  readonly pinned: ReadonlyMap<string, Pinned>;
  readonly onChange: (changes: readonly PromptChange[]) => void;
};

/** Contents that are fetched at a time. */
const CONCURRENCY = 8;

/** Holds what a manifest serves and brings it up to date when asked. */
export class ManifestFollower {
  readonly #options: FollowOptions;
  #serving: Serving = new Map();
  /** The last body that took effect as a whole; another try is made as long as something of it is missing. */
  #done: { readonly text: string; readonly etag: string | null } | null = null;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  get serving(): Serving {
    return this.#serving;
  }

  /**
   * Reads the manifest and serves what it says: first what needs no download, so that nothing holds up a revert, then the rest.
   *
   * @returns what went wrong; what was served before still is
   */
  async refresh(): Promise<readonly PromptlineError[]> {
    try {
      const { address, headers, timeoutMs, signal } = this.#options;
      const etag = this.#done?.etag ?? null;
      const body = await readAddress(address, { headers, etag, timeoutMs, signal });
      if (body === null || body.text === this.#done?.text) return [];
      const problems = await this.#apply(readFlags(body.text, shownAddress(address)));
      this.#done = problems.length === 0 ? body : null;
      return problems;
    } catch (error) {
      return [known(error)];
    }
  }

  async #apply(flags: ReadonlyMap<string, Flag>): Promise<readonly PromptlineError[]> {
    const outdated = [...flags].filter(([prompt, flag]) => isOutdated(flag, this.#serving.get(prompt)));
    const contents = servedContents(this.#serving);
    for (const { digest, content } of this.#options.pinned.values()) contents.set(digest, content);
    this.#serve(serve(flags, contents, this.#serving));
    const loaded = await this.#loadMissing(flags, contents);
    this.#serve(serve(flags, contents, this.#serving));
    return [...outdated.map(([prompt]) => staleCopy(prompt)), ...loaded];
  }

  /** Adds to `contents` what the flags need. */
  async #loadMissing(
    flags: ReadonlyMap<string, Flag>,
    contents: Map<string, Content>,
  ): Promise<readonly PromptlineError[]> {
    const missing = new Map<string, Variant>();
    for (const [prompt, flag] of flags) {
      if (isOutdated(flag, this.#serving.get(prompt))) continue;
      for (const variant of [flag.variants.stable, flag.variants.canary])
        if (variant && !contents.has(variant.sha256)) missing.set(variant.sha256, variant);
    }
    const problems = await pMap(
      missing.values(),
      async (variant) => {
        try {
          contents.set(variant.sha256, await this.#options.load(variant));
          return [];
        } catch (error) {
          return [known(error)];
        }
      },
      { concurrency: CONCURRENCY },
    );
    return problems.flat();
  }

  #serve(next: Serving): void {
    const changes = changesBetween(this.#serving, next);
    this.#serving = next;
    if (changes.length > 0) this.#options.onChange(changes);
  }
}

function staleCopy(prompt: string): PromptlineError {
  return outsideError(
    `the manifest is older than what is served of ${prompt}: a stale copy`,
    'See how long what lies between keeps it',
  );
}

/** Any other error is a bug of ours, which must not end an application. */
function known(error: unknown): PromptlineError {
  return error instanceof PromptlineError
    ? error
    : outsideError('the manifest could not be followed', undefined, error);
}
