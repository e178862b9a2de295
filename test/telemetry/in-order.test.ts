import { expect, it } from 'vitest';
import { inOrder } from '../../src/telemetry/in-order.ts';
import type { SignalBatch } from '../../src/telemetry/source.ts';

/** A source with two events, one at each time, that says when it is let go. */
async function* part(name: string, times: readonly number[], left: string[]): AsyncGenerator<SignalBatch> {
  const place = { traceId: null, spanId: null, responseId: null };
  try {
    for (const at of times)
      yield { signals: [{ kind: 'score', ...place, at, name, value: 1 }], again: false, cursor: {} };
  } finally {
    left.push(name);
  }
}

it('gives batches by their time, and lets all sources go when whoever reads them stops', async () => {
  const [left, names]: [string[], string[]] = [[], []];
  const parts = [part('first', [1, 4], left), part('second', [2, 3], left)];
  for await (const { signals } of inOrder(parts, 2)) {
    names.push(...signals.map((signal) => `${signal.kind === 'score' && signal.name} ${signal.at}`));
    if (names.length === 2) break;
  }
  expect(names).toEqual(['first 1', 'second 2']);
  expect(left.toSorted()).toEqual(['first', 'second']);
});
