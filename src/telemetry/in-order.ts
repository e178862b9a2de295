import type { SignalBatch } from './source.ts';

type Batches = AsyncIterator<SignalBatch>;

/**
 * The batches of several parts as one: first what is read again, then the batch whose first event is the oldest.
 *
 * @param parts opened one after the other, at most `most` at once
 */
export async function* inOrder(
  parts: Iterable<AsyncIterable<SignalBatch>>,
  most: number,
): AsyncGenerator<SignalBatch> {
  const queue = parts[Symbol.iterator]();
  const heads: { readonly part: Batches; readonly batch: SignalBatch }[] = [];
  const advance = async (part: Batches) => {
    const { value, done } = await part.next();
    if (!done) heads.push({ part, batch: value });
  };
  try {
    for (;;) {
      while (heads.length < most) {
        const { value, done } = queue.next();
        if (done) break;
        await advance(value[Symbol.asyncIterator]());
      }
      const [first] = heads.toSorted((a, b) => rankOf(a.batch) - rankOf(b.batch));
      if (!first) return;
      // Among the others until it is passed on: whoever stops here lets go of it, too.
      yield first.batch;
      heads.splice(heads.indexOf(first), 1);
      await advance(first.part);
    }
  } finally {
    for (const { part } of heads) await part.return?.();
  }
}

/** Milliseconds of the oldest event; before all of them where a batch is read again or has none. */
function rankOf({ again, signals }: SignalBatch): number {
  if (again || signals.length === 0) return 0;
  return signals.reduce((oldest, { at }) => Math.min(oldest, at), Number.MAX_VALUE);
}
