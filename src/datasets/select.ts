import { inputError } from '../errors.ts';
import type { Example, ExampleSource } from './dataset.ts';
import { stableSample } from './order.ts';

/** Of the tags of a file, so many are named to who asked for another. */
const MOST_NAMED = 12;

/**
 * The examples of a source that have one of the tags. They keep the order and the digest of the whole.
 * @throws {PromptlineError} where no example has one
 */
export function taggedWith(source: ExampleSource, tags: readonly string[]): ExampleSource {
  const known = new Set<string>();
  let n = 0;
  for (const example of source.examples()) {
    for (const tag of example.tags) known.add(tag);
    if (hasTag(example, tags)) n += 1;
  }
  if (n > 0)
    return { ...source, n, tags, examples: () => filter(source.examples(), (each) => hasTag(each, tags)) };
  const named = [...known].sort().slice(0, MOST_NAMED).join(', ');
  throw inputError(
    `no example has the tag ${tags.map((tag) => `"${tag}"`).join(' or ')}`,
    known.size === 0 ? 'No example has tags' : `Tags there are: ${named}`,
    { file: source.path },
  );
}

/** Whether a row has one of the tags. */
export function hasTag(row: Pick<Example, 'tags'>, tags: readonly string[]): boolean {
  return tags.some((tag) => row.tags.includes(tag));
}

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
