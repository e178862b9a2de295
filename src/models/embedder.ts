/** What an embedding model made of some texts. */
export type Embeddings = {
  /** One for each text, in their order, all of one length. */
  readonly vectors: readonly Float32Array[];
  /** 0 where the provider does not count them; `usd` is null then. */
  readonly inputTokens: number;
  /** US dollars; null when the price or the count of tokens is not known. */
  readonly usd: number | null;
  /** Requests made until it succeeded; 0 when nothing had to be asked. */
  readonly attempts: number;
  /** Texts whose vector came from the store. */
  readonly cached: number;
};

/** The port to an embedding model. */
export interface Embedder {
  /** `provider/model`. */
  readonly id: string;
  /** What decides a vector besides the text: the id and the endpoint. Part of the vector's key. */
  readonly identity: string;
  /** Texts must not be blank: providers refuse them. Rejects with a ModelError. */
  embed(texts: readonly string[], signal?: AbortSignal): Promise<Embeddings>;
}
