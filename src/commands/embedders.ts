import type { Embedder } from '../models/embedder.ts';
import { type EmbedderContext, openEmbedder } from '../models/embedder-registry.ts';
import { type EmbeddingStore, openEmbeddingStore, withEmbeddingStore } from '../models/embedding-store.ts';

/** The embedding models of a session, each once, behind one store of vectors. */
export type Embedders = {
  /** Rejects with an input error where the model cannot be opened. */
  embedder(reference: string): Promise<Embedder>;
  close(): void;
};

/** Opens nothing yet. `storeFile` is the answer store's, absolute. */
export function embeddersOf(context: EmbedderContext, storeFile: string): Embedders {
  const opened = new Map<string, Promise<Embedder>>();
  let store: EmbeddingStore | null = null;
  const open = async (reference: string): Promise<Embedder> => {
    const embedder = await openEmbedder(reference, context);
    store ??= openEmbeddingStore(storeFile);
    return withEmbeddingStore(embedder, store);
  };
  return {
    embedder(reference) {
      const embedder = opened.get(reference) ?? open(reference);
      opened.set(reference, embedder);
      return embedder;
    },
    close: () => store?.close(),
  };
}
