import type { LogEntry, Release, RolloutState } from './state.ts';

/**
 * What is to be done outside, in this order. Safety comes first and the record second: `state` and `serve` decide what users get, and
 * whatever follows must be tried even when one of them fails, and again by the reconciler. Each can be done twice without harm.
 */
export type Effect =
  /** Makes sure that the release of the content is published. */
  | { readonly do: 'release'; readonly release: Release }
  /** Writes state/<id>.json, with its evidence and cursor. */
  | { readonly do: 'state'; readonly state: RolloutState }
  /** Publishes the manifest made of all states. */
  | { readonly do: 'serve' }
  /** Tells people. */
  | { readonly do: 'alert'; readonly entry: LogEntry }
  /** Tags the step, with the entry as its message. */
  | { readonly do: 'tag'; readonly tag: string; readonly entry: LogEntry }
  /** Opens an issue on the reverted release. */
  | { readonly do: 'issue'; readonly reverted: Release; readonly entry: LogEntry }
  /** Opens a pull request that brings the prompt's file back to the release that is served. */
  | {
      readonly do: 'pull request';
      readonly reverted: Release;
      readonly restored: Release;
      readonly entry: LogEntry;
    };

/** `prompts/<id>@<version>`: the tag that holds a version's content. */
export function contentTag(prompt: string, version: string): string {
  return `prompts/${prompt}@${version}`;
}

/** `rollouts/<id>@<version>/010`. */
export function stepTag(prompt: string, { version }: Pick<Release, 'version'>, percent: number): string {
  return `rollouts/${prompt}@${version}/${String(percent).padStart(3, '0')}`;
}

/** `rollouts/<id>@<version>/reverted`. */
export function revertedTag(prompt: string, { version }: Pick<Release, 'version'>): string {
  return `rollouts/${prompt}@${version}/reverted`;
}
