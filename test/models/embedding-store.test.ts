import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openAnswerStore } from '../../src/models/answer-store.ts';
import type { Embedder } from '../../src/models/embedder.ts';
import { openEmbeddingStore, withEmbeddingStore } from '../../src/models/embedding-store.ts';
import { completion } from './fake-model.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('stored vectors', () => {
  const storePath = () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'promptline-embeddings-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    return path.join(folder, 'answers.sqlite');
  };
  const openStore = (file: string) => {
    const store = openEmbeddingStore(file);
    cleanups.push(() => store.close());
    return store;
  };
  /** Embeds by the text's length, and remembers what it was asked. */
  const counting = (identity = 'fake/m at home') => {
    const asked: (readonly string[])[] = [];
    const embedder: Embedder = {
      id: 'fake/m',
      identity,
      async embed(given) {
        asked.push(given);
        const vectors = given.map(({ length }) => Float32Array.of(length, 0.1, -1e-30));
        return { vectors, inputTokens: 5, usd: 0.5, attempts: 1, cached: 0 };
      },
    };
    return { asked, embedder };
  };

  it('are asked for once, also by the next process, and then cost nothing', async () => {
    const file = storePath();
    const { asked, embedder } = counting();
    const first = withEmbeddingStore(embedder, openStore(file));
    const paid = await first.embed(['a', 'bb', 'a']);
    expect(paid).toMatchObject({ inputTokens: 5, usd: 0.5, cached: 0, attempts: 1 });
    const again = await withEmbeddingStore(embedder, openStore(file)).embed(['bb', 'a']);
    expect(again).toEqual({
      vectors: [paid.vectors[1], paid.vectors[0]],
      inputTokens: 0,
      usd: 0,
      attempts: 0,
      cached: 2,
    });
    expect(asked).toEqual([['a', 'bb']]);
  });

  it('give a repeat of a text its vector, and ask only for what is new', async () => {
    const { asked, embedder } = counting();
    const stored = withEmbeddingStore(embedder, openStore(storePath()));
    await stored.embed(['a']);
    const { vectors, cached } = await stored.embed(['ccc', 'a', 'ccc']);
    expect(vectors.map(([length]) => length)).toEqual([3, 1, 3]);
    expect(cached).toBe(1);
    expect(asked).toEqual([['a'], ['ccc']]);
  });

  it('are those of one model at one address', async () => {
    const store = openStore(storePath());
    const [here, there] = [counting(), counting('fake/m elsewhere')];
    await withEmbeddingStore(here.embedder, store).embed(['a']);
    await withEmbeddingStore(there.embedder, store).embed(['a']);
    expect([here.asked, there.asked]).toEqual([[['a']], [['a']]]);
  });

  it('lie beside the answers in one file', async () => {
    const file = storePath();
    const answers = openAnswerStore(file);
    cleanups.push(() => answers.close());
    await answers.put('key', completion({ text: 'kept' }), 'fake/m');
    const vectors = openStore(file);
    vectors.put('key', Float32Array.of(0.1, -2), 'fake/m');
    expect(openStore(file).get('key')).toEqual(Float32Array.of(0.1, -2));
    expect(answers.get('key')?.text).toBe('kept');
    expect(vectors.get('other')).toBeUndefined();
  });

  it('are not stored when the model fails', async () => {
    const store = openStore(storePath());
    const { asked, embedder } = counting();
    const failing: Embedder = { ...embedder, embed: () => Promise.reject(new Error('down')) };
    await expect(withEmbeddingStore(failing, store).embed(['a'])).rejects.toThrow('down');
    await withEmbeddingStore(embedder, store).embed(['a']);
    expect(asked).toEqual([['a']]);
  });
});
