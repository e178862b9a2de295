import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { prompt } from '../../rollout/fixtures.ts';
import { logsLine, spansLine, start } from '../otlp-lines.ts';

/** An event as a row, and as what OpenTelemetry's collector writes of it. Times are milliseconds since 1970. */
export type EventRow = Readonly<Record<string, string | number | boolean | null>> & {
  readonly kind: 'call' | 'assignment' | 'score';
  readonly at: number;
};

const user = 'a'.repeat(64);

const idsOf = (n: number) => ({
  trace_id: n.toString(16).padStart(32, '0'),
  span_id: n.toString(16).padStart(16, '0'),
});

/** A call with its user and, a second later, a score. */
export function callRows(n: number, at: number): readonly EventRow[] {
  const ids = idsOf(n);
  const call = { ...ids, kind: 'call', at: start + at, prompt, version: '1.1.0', milliseconds: 800 } as const;
  const details = { provider: 'openai', model: 'gpt-5-mini', response_model: 'gpt-5-mini-2026' };
  const tokens = { input_tokens: 120, output_tokens: 7 };
  const texts = { variables: '{"query": "jazz"}', answer: 'PlayMusic' };
  const who = { prompt, variant: 'canary', generation: 2, targeting_key: user };
  return [
    { ...ids, kind: 'assignment', at: start + at - 700, ...who },
    { ...call, ...details, ...tokens, ...texts, response_id: `response-${n}`, failed: n % 2 === 0 },
    { ...ids, kind: 'score', at: start + at + 1000, response_id: `response-${n}`, name: 'tone', value: 0.25 },
  ];
}

/** As a line of OTLP. */
export function asLine(row: EventRow): string {
  const { kind, at, trace_id, span_id, milliseconds = 0, answer = null, failed = false } = row;
  const place = { traceId: trace_id, spanId: span_id };
  const named = {
    'gen_ai.response.id': row['response_id'],
    'gen_ai.prompt.name': kind === 'call' ? row['prompt'] : null,
    'gen_ai.prompt.version': row['version'],
    'gen_ai.provider.name': row['provider'],
    'gen_ai.request.model': row['model'],
    'gen_ai.response.model': row['response_model'],
    'gen_ai.usage.input_tokens': row['input_tokens'],
    'gen_ai.usage.output_tokens': row['output_tokens'],
    'promptline.prompt.variables': row['variables'],
    'gen_ai.output.messages':
      answer === null
        ? null
        : JSON.stringify([{ role: 'assistant', parts: [{ type: 'text', content: answer }] }]),
    'feature_flag.key': kind === 'assignment' ? `prompt.${row['prompt']}` : null,
    'feature_flag.result.variant': row['variant'],
    'feature_flag.version': row['generation'],
    'feature_flag.context.id': row['targeting_key'],
    'gen_ai.evaluation.name': row['name'],
    'gen_ai.evaluation.score.value': row['value'],
  };
  const attributes = Object.entries(named).flatMap(([key, value]) =>
    value === null || value === undefined
      ? []
      : [{ key, value: typeof value === 'number' ? { doubleValue: value } : { stringValue: value } }],
  );
  const nanoseconds = (time: number) => `${BigInt(time) * 1_000_000n}`;
  if (kind !== 'call') {
    const eventName = kind === 'score' ? 'gen_ai.evaluation.result' : 'feature_flag.evaluation';
    return logsLine({ ...place, timeUnixNano: nanoseconds(at), eventName, attributes });
  }
  return spansLine({
    ...{ ...place, attributes, name: 'chat', status: failed ? { code: 2 } : {} },
    startTimeUnixNano: nanoseconds(at - Number(milliseconds)),
    endTimeUnixNano: nanoseconds(at),
  });
}

/** As an INSERT for Postgres. */
export function asInsert(table: string, rows: readonly EventRow[]): string {
  const literal = (value: EventRow[string]) =>
    typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
  return rows
    .map(({ at, ...row }) => {
      const columns = Object.keys(row).map((column) => `"${column}"`);
      const values = Object.values(row).map(literal);
      return `INSERT INTO ${table} ("at", ${columns.join(', ')}) VALUES (to_timestamp(${at / 1000}), ${values.join(', ')});`;
    })
    .join('\n');
}

/** Into a store, which is made as an application makes it that does not have promptline. */
export function insertIntoStore(file: string, rows: readonly EventRow[]): void {
  const database = new DatabaseSync(file, { timeout: 10_000 });
  database.exec(schemaFile('sqlite'));
  for (const row of rows) {
    const columns = Object.keys(row);
    const values = Object.values(row).map((value) => (typeof value === 'boolean' ? Number(value) : value));
    database
      .prepare(
        `INSERT INTO promptline_events (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      )
      .run(...values);
  }
  database.close();
}

/** The published table. */
export function schemaFile(database: 'sqlite' | 'postgres'): string {
  return readFileSync(
    fileURLToPath(new URL(`../../../schemas/telemetry.${database}.sql`, import.meta.url)),
    'utf8',
  );
}
