import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetingKeyOf } from '../../../src/rollout/assign.ts';
import { createTally } from '../../../src/telemetry/irregularities.ts';
import { columns, detailColumns, type Row, textColumns } from '../../../src/telemetry/rows/columns.ts';
import { signalsOfRow } from '../../../src/telemetry/rows/signals.ts';

function read(row: Row, details = false) {
  const tally = createTally();
  const signals = signalsOfRow(row, { details, tally, shown: 'row 17 of events' });
  return { signals, irregular: tally.list().map(({ kind, example }) => `${kind}: ${example}`) };
}

const call = { kind: 'call', at: 1_772_000_000_000, milliseconds: 800 };
const assignment = { kind: 'assignment', at: 1_772_000_000_000, prompt: 'family/name', targeting_key: 'ada' };
const score = { kind: 'score', at: 1_772_000_000_000, response_id: 'r', name: 'tone', value: 0.5 };

describe('a row', () => {
  it('is a call, with who made it where that is said', () => {
    const row = { ...call, prompt: 'family/name', targeting_key: 'ada', variant: 'canary', generation: '3' };
    const user = targetingKeyOf('ada');
    expect(read(row)).toMatchObject({
      signals: [
        { kind: 'assignment', prompt: 'family/name', user, variant: 'canary', generation: 3 },
        { kind: 'call', milliseconds: 800, failed: false, details: null },
      ],
      irregular: [],
    });
    expect(read({ ...row, prompt: null }).signals).toMatchObject([{ kind: 'call', prompt: null }]);
  });

  it.each<[string, Row, string]>([
    ['of no kind', { ...call, kind: 'span' }, 'malformed: row 17 of events: kind is none of call'],
    ['without a time', { ...call, at: null }, 'without time: row 17 of events: at is empty'],
    ['of no time', { ...call, at: 'soon' }, 'malformed: row 17 of events: at is no time in milliseconds'],
    ['of before 1970', { ...call, at: -1 }, 'malformed: row 17 of events: at is no time in milliseconds'],
    [
      'of nanoseconds',
      { ...call, at: 1.772e18 },
      'malformed: row 17 of events: at is no time in milliseconds',
    ],
    ['of the end of time', { ...call, at: 'Infinity' }, 'malformed: row 17 of events: at is no time'],
    [
      'that took nothing known',
      { ...call, milliseconds: '' },
      'malformed: row 17 of events: milliseconds is empty',
    ],
    ['that took less than nothing', { ...call, milliseconds: -1 }, 'milliseconds is no number from 0 on'],
    ['that may have failed', { ...call, failed: 'perhaps' }, 'failed is neither true nor false'],
    ['of no prompt', { ...assignment, prompt: null }, 'malformed: row 17 of events: prompt is empty'],
    [
      'of nobody',
      { ...assignment, targeting_key: null },
      'without user: row 17 of events: targeting_key is empty',
    ],
    ['of no name', { ...score, name: null }, 'malformed: row 17 of events: name is empty'],
    ['of no score', { ...score, value: null }, 'without score: row 17 of events: value is empty'],
    ['of a score in words', { ...score, value: 'good' }, 'malformed: row 17 of events: value is no number'],
  ])('%s gives nothing, and is named once', (_, row, said) => {
    expect(read(row)).toEqual({ signals: [], irregular: [expect.stringContaining(said)] });
  });

  it.each<[Row, object]>([
    [
      { ...call, trace_id: 'not hex' },
      { traceId: null, milliseconds: 800 },
    ],
    [
      { ...call, span_id: Buffer.from('ab') },
      { spanId: null, milliseconds: 800 },
    ],
    [{ ...call, input_tokens: 'many' }, { details: { inputTokens: null } }],
    [{ ...call, variables: 'x'.repeat(250_001) }, { details: { variables: null } }],
  ])('loses what is malformed in it alone', (row, expected) => {
    const { signals, irregular } = read(row, true);
    expect(signals).toMatchObject([expected]);
    expect(irregular).toHaveLength(1);
  });

  it('never throws, and never gives what no number or id is', () => {
    const value = fc.oneof(
      fc.constantFrom('call', 'assignment', 'score', 'true', 'NaN', '1e999', '-0', ''),
      fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true }),
      fc.nat(),
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef') }),
    );
    const row = fc.record(
      Object.fromEntries([...columns, ...detailColumns, ...textColumns].map((column) => [column, value])),
      { requiredKeys: [] },
    );
    const kinds = fc.constantFrom('call', 'assignment', 'score');
    fc.assert(
      fc.property(row, kinds, fc.nat(), (values, kind, at) => {
        const { signals, irregular } = read({ ...values, kind, at }, true);
        expect(signals.length > 0 || irregular.length > 0).toBe(true);
        for (const signal of signals) {
          expect(`${signal.traceId ?? ''}${signal.spanId ?? ''}`).toMatch(/^[0-9a-f]*$/);
          if (signal.kind === 'score') expect(Number.isFinite(signal.value)).toBe(true);
          if (signal.kind === 'call') expect(signal.milliseconds).toBeGreaterThanOrEqual(0);
          if (signal.kind === 'assignment') expect(signal.user).toMatch(/^[0-9a-f]{64}$/);
        }
      }),
      { numRuns: 500 },
    );
  });
});
