import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { targetingKeyOf } from '../../src/rollout/assign.ts';

/** How records lie in lines: batches as a collector writes them, a record a line, or a line a record with nothing but model calls. */
export type Shape = 'batches' | 'single records' | 'model calls alone';

/** The prompt whose rollout is watched, and its versions. */
export const watched = { prompt: 'support/answer', stable: '1.0.0', canary: '1.1.0' };

/** Milliseconds since 1970. */
export const began = Date.parse('2026-03-01T00:00:00Z');

/** Records of a line of batches, by resource: four applications, the first of which calls models. */
const PER_RESOURCE = 64;
const RESOURCES = 4;
/** Of the application that calls models; the others of its spans are requests and queries. */
const CALLS_PER_RESOURCE = 26;
/** Records of the whole production; 35 of them are calls of models. */
const PER_SECOND = 500;

/**
 * Writes about so many records to `traces.jsonl` and `logs.jsonl`: seven records of ten are spans. One in ten spans is a call of a model; each has an event of its
 * user's assignment, and one in twenty an event of feedback, among the logs. All others are of other applications, or of other kinds.
 *
 * @returns how many were written, and how many of them are calls and their events
 */
export function writeRecords(
  folder: string,
  records: number,
  shape: Shape,
): { readonly records: number; readonly signals: number } {
  mkdirSync(folder, { recursive: true });
  const traces = openSync(path.join(folder, 'traces.jsonl'), 'w');
  const logs = openSync(path.join(folder, 'logs.jsonl'), 'w');
  const perBatch = PER_RESOURCE * RESOURCES;
  let [calls, logged, written] = [0, 0, 0];
  while (written < records) {
    // Of ten batches seven are of spans; logs come a little after the spans that they belong to.
    const first = calls;
    for (let batch = 0; batch < 7 && written < records; batch++, written += perBatch) {
      const at = began + (written / PER_SECOND) * 1000;
      writeSync(traces, linesOf(shape, 'spans', batchOfSpans(shape, at, calls)));
      calls += callsIn(shape);
    }
    const at = began + (written / PER_SECOND) * 1000;
    const events = eventsOf(first, calls, at);
    for (let batch = 0; batch < 3 && written < records; batch++, written += perBatch) {
      const own = events.splice(0, Math.ceil(events.length / (3 - batch)));
      // Where all are model calls their events alone are more than such a batch holds.
      written += Math.max(0, own.length - perBatch);
      logged += own.length;
      writeSync(logs, linesOf(shape, 'logRecords', batchOfLogs(own, at, written)));
    }
  }
  closeSync(traces);
  closeSync(logs);
  return { records: written, signals: calls + logged };
}

function callsIn(shape: Shape): number {
  return shape === 'model calls alone' ? PER_RESOURCE * RESOURCES : CALLS_PER_RESOURCE;
}

function batchOfSpans(shape: Shape, at: number, firstCall: number): string[][] {
  return Array.from({ length: RESOURCES }, (_, resource) =>
    Array.from({ length: PER_RESOURCE }, (_, index) => {
      const moment = at + ((resource * PER_RESOURCE + index) / PER_SECOND) * 1000;
      if (shape === 'model calls alone') return callSpan(firstCall + resource * PER_RESOURCE + index, moment);
      const isCall = resource === 0 && index < CALLS_PER_RESOURCE;
      return isCall ? callSpan(firstCall + index, moment) : otherSpan(resource, index, moment);
    }),
  );
}

function batchOfLogs(events: readonly string[], at: number, seed: number): string[][] {
  const count = PER_RESOURCE * RESOURCES - events.length;
  const others = Array.from({ length: Math.max(0, count) }, (_, index) => otherLog(seed + index, at));
  const share = Math.ceil(others.length / (RESOURCES - 1));
  const rest = Array.from({ length: RESOURCES - 1 }, (_, index) =>
    others.slice(index * share, (index + 1) * share),
  );
  return [[...events], ...rest];
}

function eventsOf(first: number, end: number, at: number): string[] {
  return Array.from({ length: end - first }, (_, index) => first + index).flatMap((call) => [
    assignmentEvent(call, at),
    ...(call % 20 === 0 ? [feedbackEvent(call, at)] : []),
  ]);
}

const services = ['support-chat', 'checkout', 'catalogue', 'gateway'];

function linesOf(shape: Shape, kind: 'spans' | 'logRecords', batch: readonly (readonly string[])[]): string {
  const [resources, scopes] =
    kind === 'spans' ? ['resourceSpans', 'scopeSpans'] : ['resourceLogs', 'scopeLogs'];
  const entries = batch.map((records, index) => {
    const entry = (of: readonly string[]) =>
      `{"resource":${resourceOf(services[index] ?? '')},"${scopes}":[{"scope":{"name":"${services[index]}-instrumentation","version":"1.4.2"},"${kind}":[${of.join(',')}],"schemaUrl":"https://opentelemetry.io/schemas/1.45.0"}]}`;
    return shape === 'batches' ? [entry(records)] : records.map((record) => entry([record]));
  });
  if (shape === 'batches') return `{"${resources}":[${entries.flat().join(',')}]}\n`;
  return entries
    .flat()
    .map((entry) => `{"${resources}":[${entry}]}\n`)
    .join('');
}

function resourceOf(service: string): string {
  return `{"attributes":[${text('service.name', service)},${text('service.version', '2026.3.1')},${text('k8s.pod.name', `${service}-6d4cf56db6-x2x9k`)},${text('telemetry.sdk.language', 'nodejs')}]}`;
}

function callSpan(call: number, at: number): string {
  const milliseconds = 300 + (call % 1700);
  const attributes = [
    text('gen_ai.operation.name', 'chat'),
    text('gen_ai.provider.name', 'openai'),
    text('gen_ai.request.model', 'gpt-5-mini'),
    text('gen_ai.prompt.name', watched.prompt),
    text('gen_ai.prompt.version', call % 10 === 0 ? watched.canary : watched.stable),
    text('gen_ai.response.id', `chatcmpl-${call.toString(36).padStart(20, 'a')}`),
    integer('gen_ai.usage.input_tokens', 200 + (call % 900)),
    integer('gen_ai.usage.output_tokens', 20 + (call % 400)),
    text('server.address', 'api.example.com'),
    ...(call % 50 === 0 ? [text('error.type', 'timeout')] : []),
  ];
  return `{"traceId":"${traceOf(call)}","spanId":"${spanOf(call)}","parentSpanId":"${spanOf(call + 1e9)}","flags":257,"name":"chat gpt-5-mini","kind":3,"startTimeUnixNano":"${nanoseconds(at - milliseconds)}","endTimeUnixNano":"${nanoseconds(at)}","attributes":[${attributes.join(',')}],"status":{${call % 50 === 0 ? '"code":2' : ''}}}`;
}

function otherSpan(resource: number, index: number, at: number): string {
  const id = Math.floor(at * 1000) + index;
  const isQuery = index % 3 === 0;
  const attributes = isQuery
    ? [
        text('db.system.name', 'postgresql'),
        text('db.namespace', 'shop'),
        text('db.operation.name', 'SELECT'),
        text('db.query.text', 'SELECT id, name, price FROM products WHERE id = $1 AND \\"visible\\" = true'),
        text('server.address', 'db.internal'),
        integer('server.port', 5432),
      ]
    : [
        text('http.request.method', 'GET'),
        text('url.path', `/v1/${services[resource]}/items/${id % 100000}`),
        text('http.route', `/v1/${services[resource]}/items/{id}`),
        text('user_agent.original', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)'),
        integer('http.response.status_code', 200),
        text('network.protocol.version', '1.1'),
      ];
  return `{"traceId":"${traceOf(id)}","spanId":"${spanOf(id)}","parentSpanId":"","flags":257,"name":"${isQuery ? 'SELECT products' : `GET /v1/${services[resource]}/items/{id}`}","kind":${isQuery ? 3 : 2},"startTimeUnixNano":"${nanoseconds(at - 12)}","endTimeUnixNano":"${nanoseconds(at)}","attributes":[${attributes.join(',')}],"status":{}}`;
}

function otherLog(seed: number, at: number): string {
  const body = `request ${seed} to \\"/v1/items\\" finished in ${seed % 90} ms with status 200 for customer ${seed % 7919}`;
  return `{"timeUnixNano":"${nanoseconds(at)}","observedTimeUnixNano":"${nanoseconds(at)}","severityNumber":9,"severityText":"INFO","body":{"stringValue":"${body}"},"attributes":[${text('log.logger', 'http.access')},${text('thread.name', 'main')}],"traceId":"${traceOf(seed)}","spanId":"${spanOf(seed)}"}`;
}

function assignmentEvent(call: number, at: number): string {
  const attributes = [
    text('feature_flag.key', `prompt.${watched.prompt}`),
    text('feature_flag.provider.name', 'flagd'),
    text('feature_flag.result.variant', call % 10 === 0 ? 'canary' : 'stable'),
    text('feature_flag.version', '2'),
    text('feature_flag.context.id', keyOf(call)),
  ];
  return eventRecord('feature_flag.evaluation', attributes, call, at);
}

function feedbackEvent(call: number, at: number): string {
  const attributes = [
    text('gen_ai.evaluation.name', 'user_feedback'),
    `{"key":"gen_ai.evaluation.score.value","value":{"doubleValue":${call % 40 === 0 ? 0 : 1}}}`,
  ];
  return eventRecord('gen_ai.evaluation.result', attributes, call, at);
}

function eventRecord(name: string, attributes: readonly string[], call: number, at: number): string {
  return `{"timeUnixNano":"${nanoseconds(at)}","observedTimeUnixNano":"${nanoseconds(at)}","severityNumber":9,"body":{},"attributes":[${attributes.join(',')}],"traceId":"${traceOf(call)}","spanId":"${spanOf(call)}","eventName":"${name}"}`;
}

const keys = Array.from({ length: 50_000 }, (_, user) => targetingKeyOf(`user ${user}`));

function keyOf(call: number): string {
  return keys[(call * 7919) % keys.length] ?? '';
}

function text(key: string, value: string): string {
  return `{"key":"${key}","value":{"stringValue":"${value}"}}`;
}

function integer(key: string, value: number): string {
  return `{"key":"${key}","value":{"intValue":"${value}"}}`;
}

function traceOf(id: number): string {
  return id.toString(16).padStart(32, '0');
}

function spanOf(id: number): string {
  return id.toString(16).padStart(16, '0');
}

function nanoseconds(milliseconds: number): string {
  return `${Math.round(milliseconds)}000000`;
}
