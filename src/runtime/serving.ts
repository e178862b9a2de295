import type { Flag } from '../rollout/manifest.ts';
import type { Content } from './content.ts';
import type { PromptChange } from './types.ts';

/** One prompt, with all that is needed to give it to anybody. */
export type Served = {
  readonly flag: Flag;
  readonly stable: Content;
  /** Null where there is no canary, or where its content cannot be had. */
  readonly canary: Content | null;
};

/** What is served, by prompt. It is replaced as a whole, never changed. */
export type Serving = ReadonlyMap<string, Served>;

/**
 * What is served by new flags, as far as contents are known.
 *
 * A canary without content is nobody's, so that a revert never waits for a download. A flag without its stable content changes nothing.
 * Neither does one of an older generation, a stale copy that would undo a revert, nor one that is missing: applications must not stop.
 *
 * @param contents by sha256
 */
export function serve(
  flags: ReadonlyMap<string, Flag>,
  contents: ReadonlyMap<string, Content>,
  former: Serving,
): Serving {
  const next = new Map(former);
  for (const [prompt, flag] of flags) {
    if (isOutdated(flag, former.get(prompt))) continue;
    const stable = contents.get(flag.variants.stable.sha256);
    const canary = contents.get(flag.variants.canary?.sha256 ?? '') ?? null;
    if (stable) next.set(prompt, { flag, stable, canary });
  }
  return next;
}

/** Whether a flag is from before the one that is served. */
export function isOutdated(flag: Flag, served: Served | undefined): boolean {
  return served !== undefined && flag.metadata.generation < served.flag.metadata.generation;
}

/** The contents that are served, by sha256. */
export function servedContents(serving: Serving): Map<string, Content> {
  const contents = new Map<string, Content>();
  for (const { flag, stable, canary } of serving.values()) {
    contents.set(flag.variants.stable.sha256, stable);
    if (canary && flag.variants.canary) contents.set(flag.variants.canary.sha256, canary);
  }
  return contents;
}

/** What users get otherwise than before. */
export function changesBetween(former: Serving, next: Serving): PromptChange[] {
  return [...next].flatMap(([prompt, served]) => {
    const change = describeServed(prompt, served);
    const before = former.get(prompt);
    return before && JSON.stringify(describeServed(prompt, before)) === JSON.stringify(change)
      ? []
      : [change];
  });
}

function describeServed(prompt: string, { flag, canary }: Served): PromptChange {
  const { variants, targeting } = flag;
  return {
    prompt,
    stable: variants.stable.version,
    canary: canary && targeting ? (variants.canary?.version ?? null) : null,
    percent: canary && targeting ? targeting.if[1].fractional[1][1] : 0,
  };
}
