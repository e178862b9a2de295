import { createHash } from 'node:crypto';
import { openAnswerDatabase } from './answer-database.ts';
import { storeError } from './answer-store-errors.ts';
import type { Embedder, Embeddings } from './embedder.ts';

/** Vectors on disk, by content. Several processes may use one file at the same time. */
export type EmbeddingStore = {
  /** The stored vector; undefined when there is none. Throws as `put` does. */
  get(key: string): Float32Array | undefined;
  /** Stores a vector. @throws {ModelError} fatal, when the file cannot be written */
  put(key: string, vector: Float32Array, model: string): void;
  close(): void;
};

const TABLE = `
  CREATE TABLE IF NOT EXISTS embeddings (
    key TEXT PRIMARY KEY,
    model TEXT NOT NULL,
    vector BLOB NOT NULL
  ) STRICT`;

/**
 * Opens the vectors of an answer store: a table of their own in its file, which is made when it does not exist. A
 * vector is kept as its 32-bit floats, lowest byte first.
 * @throws {PromptlineError} as `openAnswerStore`
 */
export function openEmbeddingStore(path: string): EmbeddingStore {
  const database = openAnswerDatabase(path);
  let stored = 0;
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw storeError(error, path, stored);
    }
  };
  guarded(() => database.exec(TABLE));
  const select = database.prepare('SELECT vector FROM embeddings WHERE key = ?');
  const insert = database.prepare('INSERT INTO embeddings VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING');
  return {
    get(key) {
      const bytes = guarded(() => select.get(key))?.['vector'];
      return bytes instanceof Uint8Array ? vectorOf(bytes) : undefined;
    },
    put(key, vector, model) {
      guarded(() => insert.run(key, model, bytesOf(vector)));
      stored += 1;
    },
    close: () => database.close(),
  };
}

/**
 * Looks vectors up, asks for the others in one request, and stores them before they are used. A stored vector costs
 * nothing.
 */
export function withEmbeddingStore(embedder: Embedder, store: EmbeddingStore): Embedder {
  const { id, identity } = embedder;
  return {
    id,
    identity,
    async embed(texts, signal): Promise<Embeddings> {
      const keys = new Map(texts.map((text) => [text, embeddingKey(identity, text)]));
      const known = new Map<string, Float32Array>();
      for (const [text, key] of keys) {
        const vector = store.get(key);
        if (vector) known.set(text, vector);
      }
      const missing = [...keys.keys()].filter((text) => !known.has(text));
      const cached = texts.filter((text) => known.has(text)).length;
      const asked =
        missing.length === 0
          ? { vectors: [], inputTokens: 0, usd: 0, attempts: 0 }
          : await embedder.embed(missing, signal);
      for (const [at, text] of missing.entries()) {
        const vector = asked.vectors[at];
        if (!vector) continue;
        store.put(keys.get(text) ?? '', vector, id);
        known.set(text, vector);
      }
      const vectors = texts.flatMap((text) => known.get(text) ?? []);
      return { ...asked, vectors, cached };
    },
  };
}

/** The key of a vector: sha256, hex, over everything that decides it. */
function embeddingKey(identity: string, text: string): string {
  return createHash('sha256')
    .update(JSON.stringify([identity, text]))
    .digest('hex');
}

function bytesOf(vector: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(vector.length * Float32Array.BYTES_PER_ELEMENT));
  for (const [at, value] of vector.entries()) {
    view.setFloat32(at * Float32Array.BYTES_PER_ELEMENT, value, true);
  }
  return new Uint8Array(view.buffer);
}

function vectorOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.byteLength / Float32Array.BYTES_PER_ELEMENT;
  return Float32Array.from({ length }, (_, at) => view.getFloat32(at * Float32Array.BYTES_PER_ELEMENT, true));
}
