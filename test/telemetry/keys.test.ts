import { describe, expect, it } from 'vitest';
import { keyOf, responseKeyOf, spanKeyOf, traceKeyOf } from '../../src/telemetry/join/keys.ts';
import type { Score } from '../../src/telemetry/signal.ts';

const score = (responseId: string): Score => ({
  kind: 'score',
  traceId: null,
  spanId: null,
  at: 0,
  responseId,
  name: 'grounded',
  value: 1,
});
const hex = (id: number, length: number) => id.toString(16).padStart(length, '0');

describe('a key', () => {
  it('is a whole number, and another one for each of a million names that are much alike', () => {
    const ids = Array.from({ length: 125_000 }, (_, index) => index + 16);
    const keys = ids.flatMap((id) => [
      keyOf(String(id)),
      keyOf(`chatcmpl-${id.toString(36)}`),
      keyOf(hex(id, 32)),
      keyOf(hex(id, 16).padEnd(32, '0')),
      spanKeyOf({ traceId: hex(id, 32), spanId: hex(id, 16) }) ?? -1,
      spanKeyOf({ traceId: hex(0, 32), spanId: hex(id, 16) }) ?? -1,
      spanKeyOf({ traceId: hex(id, 32), spanId: hex(0xf, 16) }) ?? -1,
      responseKeyOf(score(`chatcmpl-${id.toString(36)}`)) ?? -1,
    ]);
    expect(keys.every((key) => Number.isSafeInteger(key) && key >= 0)).toBe(true);
    expect(new Set(keys).size).toBe(keys.length);
    // They are looked for by their last bits: as many different ones as chance would give.
    const last = new Set(keys.map((key) => key & 0xfffff));
    expect(last.size / (2 ** 20 * (1 - Math.exp(-keys.length / 2 ** 20)))).toBeCloseTo(1, 2);
  });

  it('tells a span without a trace from a trace, and a trace from a response', () => {
    const id = hex(7, 16);
    const keys = [
      traceKeyOf({ traceId: id, spanId: null }),
      spanKeyOf({ traceId: null, spanId: id }),
      responseKeyOf(score(id)),
    ];
    expect(new Set(keys).size).toBe(3);
    expect(spanKeyOf({ traceId: id, spanId: null })).toBeNull();
    expect(traceKeyOf({ traceId: null, spanId: id })).toBeNull();
    expect(responseKeyOf({ ...score(id), responseId: null })).toBeNull();
  });
});
