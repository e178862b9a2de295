import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { relevantRecords } from '../../src/telemetry/otlp/relevant-records.ts';

type Json = Readonly<Record<string, unknown>>;

/** Texts that mislead whoever does not follow strings and nesting. */
const text = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '{"resource":{',
    'gen_ai.',
    '\\',
    '\\"',
    ']}]}',
    '{"spans":[{"gen_ai.": 1}]}',
    'feature_flag. ä😀\n',
  ),
);
const value = fc.oneof(
  text.map((stringValue): Json => ({ stringValue })),
  fc.integer().map((number): Json => ({ intValue: String(number) })),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((doubleValue): Json => ({ doubleValue })),
  fc.array(text).map((texts): Json => ({ arrayValue: { values: texts } })),
);
const key = fc.oneof(fc.constantFrom('gen_ai.prompt.name', 'feature_flag.key', 'http.route'), text);
const attributes = fc.array(fc.record({ key, value }), { maxLength: 3 });
const record = fc.oneof(
  fc.record(
    { traceId: text, attributes, events: fc.array(fc.record({ name: key, attributes }), { maxLength: 2 }) },
    { requiredKeys: [] },
  ),
  fc.constantFrom(null, 3, 'gen_ai.', [], true),
);
const records = fc.array(record, { maxLength: 4 });
const resource = fc.record({ attributes });

/** Lines of both kinds, with the members in the collector's order or another, and with others among them. */
const line = fc.oneof(
  fc.record({
    resourceSpans: fc.array(
      fc.oneof(
        fc.record({ resource, scopeSpans: fc.array(fc.record({ scope: resource, spans: records })) }),
        fc.record({ scopeSpans: fc.array(fc.record({ spans: records })), resource, schemaUrl: text }),
        fc.record({ scopeSpans: fc.constantFrom(null, {}, 'gen_ai.') }),
      ),
      { maxLength: 3 },
    ),
  }),
  fc.record({
    note: text,
    resourceLogs: fc.array(
      fc.record({ resource, scopeLogs: fc.array(fc.record({ logRecords: records, schemaUrl: text })) }),
      { maxLength: 3 },
    ),
  }),
  fc.record({ resourceMetrics: fc.array(resource) }),
);

/** The same by parsing everything. */
function expected(document: Json): unknown[] {
  const listOf = (within: unknown, name: string): unknown[] => {
    const list = (within as Json | null)?.[name];
    return Array.isArray(list) ? list : [];
  };
  const isObject = (item: unknown) => typeof item === 'object' && item !== null && !Array.isArray(item);
  const matters = (item: unknown) => /_ai\.|_flag\./.test(JSON.stringify(item));
  const found = (names: readonly [string, string, string], kind: string) =>
    listOf(document, names[0])
      .flatMap((each) => listOf(each, names[1]))
      .flatMap((each) => listOf(each, names[2]))
      .filter((item) => isObject(item) && matters(item))
      .map((fields) => ({ kind, fields }));
  return [
    ...found(['resourceSpans', 'scopeSpans', 'spans'], 'span'),
    ...found(['resourceLogs', 'scopeLogs', 'logRecords'], 'log record'),
  ];
}

describe('the records of a line that matter', () => {
  it('are those that parsing everything finds, however the line is laid out', () => {
    fc.assert(
      fc.property(line, fc.constantFrom(0, 1, 4), fc.boolean(), (document, indent, open) => {
        const layout = JSON.stringify(document, null, indent);
        expect(relevantRecords(Buffer.from(layout), open)).toEqual(expected(JSON.parse(layout)));
      }),
    );
  });

  it('are none before an open line is whole, not even after a closing brace', () => {
    fc.assert(
      fc.property(line, (document) => {
        const whole = Buffer.from(JSON.stringify(document));
        for (let end = whole.indexOf('}'); end < whole.length - 1; end = whole.indexOf('}', end + 1))
          expect(relevantRecords(whole.subarray(0, end + 1), true)).toBeNull();
      }),
    );
  });

  it('are all of them where two writers laid out one line', () => {
    const [first, second] = [
      { resource: {}, scopeSpans: [{ spans: [{ name: 'gen_ai.first' }] }] },
      { scopeSpans: [{ spans: [{ name: 'gen_ai.second' }] }], resource: {} },
    ];
    const document = { resourceSpans: [first, second] };
    const read = relevantRecords(Buffer.from(JSON.stringify(document)), false);
    expect(read).toEqual(expected(document));
    expect(read).toHaveLength(2);
  });

  it('are none where the line is broken', () => {
    const span = '{"traceId":"01","attributes":[{"key":"gen_ai.prompt.name","value":{"stringValue":"a"}}]}';
    const around = (spans: string) =>
      `{"resourceSpans":[{"resource":{},"scopeSpans":[{"spans":[${spans}]}]}]}`;
    const read = (json: string) => {
      try {
        return relevantRecords(Buffer.from(json), false);
      } catch {
        return null;
      }
    };
    expect(read(around(`${span},${span}`))).toHaveLength(2);
    expect(read(around(`${span},${span.slice(0, -3)}`))).toBeNull();
    expect(read(around(span.replace('"01"', '01')))).toBeNull();
    expect(read(around(`${span} ${span}`))).toBeNull();
  });
});
