import type { Example, ExampleSource } from './dataset.ts';
import { stableSample } from './order.ts';

/** Part `index` of `of`, both from 1. */
export type Shard = { readonly index: number; readonly of: number };

/**
 * At most `limit` examples of a source, spread evenly over strata, the same ones at every call. They keep the order and the
 * digest of the whole.
 */
export function limitTo(
  source: ExampleSource,
  limit: number,
  stratumOf: (example: Example) => string,
): ExampleSource {
  if (limit >= source.n) return source;
  const strata: { id: string; stratum: string }[] = [];
  for (const example of source.examples()) strata.push({ id: example.id, stratum: stratumOf(example) });
  const chosen = new Set(stableSample(strata, limit, ({ stratum }) => stratum).map(({ id }) => id));
  return { ...source, n: limit, examples: () => filter(source.examples(), ({ id }) => chosen.has(id)) };
}

/** Every `of`-th example of a source, starting with the `index`-th: all shards together are the whole. */
export function shardOf(source: ExampleSource, { index, of }: Shard): ExampleSource {
  const n = Math.max(0, Math.ceil((source.n - (index - 1)) / of));
  return {
    ...source,
    n,
    examples: () => filter(source.examples(), (_, position) => position % of === index - 1),
  };
}

function* filter(
  examples: Iterable<Example>,
  chosen: (example: Example, position: number) => boolean,
): Generator<Example> {
  let position = 0;
  for (const example of examples) {
    if (chosen(example, position)) yield example;
    position += 1;
  }
}
