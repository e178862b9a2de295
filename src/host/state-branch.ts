import type { FileChange } from './repository-host.ts';

/**
 * A branch that holds files of this tool's own, apart from the code. It is changed by compare-and-swap only, so that of two who write at
 * once one is refused. Neither the user's working tree nor their index or references are touched.
 */
export type StateBranch = {
  readonly name: string;
  /** The branch as it is now. Rejects with a PromptlineError where the remote cannot be asked. */
  read(): Promise<BranchSnapshot>;
  /**
   * Adds one commit that writes these files and leaves the others; the first one begins the branch, without the code's history. Gives the
   * commit; null where the branch is no longer at `expected`: someone else changed it, so read again. Rejects with a PromptlineError,
   * and nothing has changed, where the remote could not be reached or refused.
   */
  commit(change: StateChange): Promise<string | null>;
  /** Removes what was fetched. */
  close(): void;
};

export type BranchSnapshot = {
  /** Null where there is no branch yet. */
  readonly commit: string | null;
  /** Texts by path, with `/`. */
  readonly files: ReadonlyMap<string, string>;
};

export type StateChange = {
  /** Where the branch was read; null where it did not exist. */
  readonly expected: string | null;
  readonly files: readonly FileChange[];
  readonly message: string;
};
