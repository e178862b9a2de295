import { PromptlineError } from '../errors.ts';

/** Where releases are published. Every operation may be repeated after a crash: it looks at what is there first, and deletes no release. */
export type ReleaseHost = {
  /** Tags that begin so, with the objects they stand on. */
  tagsBeginning(prefix: string): Promise<ReadonlyMap<string, string>>;
  /** The published release of a tag; null where there is none. */
  publishedRelease(tag: string): Promise<PublishedRelease | null>;
  /**
   * Publishes a release whose tag and files never change again: a draft, its files, then the publication. A draft of ours that a killed run
   * left is taken up; where the release is published already it is left as it is. Rejects with {@link BurnedTagError} for a tag that
   * can have no release any more.
   */
  publishRelease(draft: ReleaseDraft): Promise<PublishedRelease>;
};

export type PublishedRelease = {
  readonly tag: string;
  readonly url: string;
};

export type ReleaseDraft = {
  readonly tag: string;
  /** What the tag is to stand on, where it does not exist. */
  readonly commit: string;
  readonly title: string;
  /** Markdown. */
  readonly notes: string;
  readonly assets: readonly ReleaseAsset[];
};

export type ReleaseAsset = {
  /** Without folders. */
  readonly name: string;
  readonly contentType: string;
  readonly content: string;
};

/** An immutable release had this tag and was deleted: the name is spent for ever. */
export class BurnedTagError extends PromptlineError {}
