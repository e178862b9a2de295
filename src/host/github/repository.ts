/** A repository on GitHub, and who asks. */
export type Repository = {
  readonly owner: string;
  readonly repo: string;
  /** Its node id, for GraphQL. */
  readonly id: () => Promise<string>;
  /** Login of the token's owner, as in the author of what it writes. */
  readonly viewer: () => Promise<string>;
};
