import { expect, it } from 'vitest';
import type { Cursor } from '../../../src/rollout/observation.ts';
import type { Signal } from '../../../src/telemetry/signal.ts';
import type { TelemetrySource } from '../../../src/telemetry/source.ts';
import { start } from '../otlp-lines.ts';
import { minutes } from '../reading.ts';
import { collect } from './collected.ts';
import { callRows, type EventRow } from './event-rows.ts';

/** A source that tests can write to. */
export type WrittenSource = {
  /** As a process does that knows nothing of what was read before. */
  open(): TelemetrySource;
  write(rows: readonly EventRow[]): Promise<void>;
};

/** What every source holds to, whatever it reads. */
export function itIsASource(make: () => Promise<WrittenSource>): void {
  it('gives calls, assignments and scores as they were written, with their details where those are asked for', async () => {
    const { open, write } = await make();
    await write([...callRows(1, 5000), ...callRows(2, 9000)]);
    const found = await collect(open(), {}, { details: true });
    expect(found).toMatchObject({ irregular: [], again: [] });
    const place = { traceId: `${'0'.repeat(31)}1`, spanId: `${'0'.repeat(15)}1` };
    expect(byTime(found.signals).slice(0, 3)).toEqual([
      {
        ...{ kind: 'assignment', ...place, at: start + 4300, prompt: 'query_processing/default' },
        ...{ variant: 'canary', generation: 2, user: 'a'.repeat(64) },
      },
      {
        ...{ kind: 'call', ...place, at: start + 5000, milliseconds: 800, failed: false, usd: null },
        ...{ responseId: 'response-1', prompt: 'query_processing/default', version: '1.1.0' },
        details: {
          ...{ provider: 'openai', model: 'gpt-5-mini', responseModel: 'gpt-5-mini-2026' },
          ...{ inputTokens: 120, outputTokens: 7, variables: '{"query": "jazz"}' },
          answer: '[{"role":"assistant","parts":[{"type":"text","content":"PlayMusic"}]}]',
        },
      },
      { kind: 'score', ...place, at: start + 6000, responseId: 'response-1', name: 'tone', value: 0.25 },
    ]);
    expect(found.signals.filter(({ kind }) => kind === 'call')).toMatchObject([
      { failed: false },
      { failed: true },
    ]);
    const plain = (await collect(open())).signals;
    const withoutDetails = (signal: Signal) =>
      signal.kind === 'call' ? { ...signal, details: null } : signal;
    expect(plain).toEqual(found.signals.map(withoutDetails));
  });

  it('passes over a text that is too long to be kept, and says so', async () => {
    const { open, write } = await make();
    const variables = JSON.stringify({ query: 'x'.repeat(250_000) });
    const long = callRows(1, 5000).map((row) => (row.kind === 'call' ? { ...row, variables } : row));
    await write(long);
    const { signals, irregular } = await collect(open(), {}, { details: true });
    expect(signals.find(({ kind }) => kind === 'call')).toMatchObject({
      details: { variables: null, answer: expect.stringContaining('PlayMusic') },
    });
    expect(irregular).toEqual([expect.stringMatching(/^1 too long: .*variables/)]);
  });

  it('is read on from the cursor', async () => {
    const { open, write } = await make();
    await write(callRows(1, 5000));
    const first = await collect(open());
    expect(await collect(open(), first.cursor)).toMatchObject({ signals: [], irregular: [] });
    await write(callRows(2, 9000));
    const second = await collect(open(), first.cursor, { warm: true });
    expect(second.again).toEqual([]);
    expect(spansOf(second.signals)).toEqual([2, 2, 2]);
    expect((await collect(open(), second.cursor, { warm: true })).cursor).toEqual(second.cursor);
  });

  it('gives the last window once more where memory was lost, and no more than that', async () => {
    const { open, write } = await make();
    for (const n of [0, 1, 2, 3]) await write(callRows(n + 1, n * 10 * minutes));
    const { cursor } = await collect(open());
    await write(callRows(5, 31 * minutes));
    const cold = await collect(open(), cursor);
    expect(spansOf(cold.signals)).toEqual([5, 5, 5]);
    // A source may begin some rows before, but not at the first.
    expect(spansOf(cold.again)).toEqual(expect.arrayContaining([3, 3, 3, 4, 4, 4]));
    expect(spansOf(cold.again)).not.toContain(1);
  });

  it('loses nothing and counts nothing twice, wherever reading is cut', async () => {
    const { open, write } = await make();
    await write([1, 2, 3].flatMap((n) => callRows(n, n * 5000)));
    const whole = (await collect(open())).signals;
    const parts: (readonly Signal[])[] = [];
    let cursor: Cursor = {};
    do {
      const part = await collect(open(), cursor, { batches: 1 });
      parts.push(part.signals);
      cursor = part.cursor;
    } while (parts.at(-1)?.length !== 0);
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.flat()).toEqual(whole);
  });
}

function byTime(signals: readonly Signal[]): readonly Signal[] {
  return signals.toSorted((a, b) => a.at - b.at);
}

/** The numbers of the calls that signals belong to. */
function spansOf(signals: readonly Signal[]): readonly number[] {
  return signals.map(({ spanId }) => Number.parseInt(spanId ?? '', 16));
}
