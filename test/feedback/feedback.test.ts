import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { recordFeedback } from '../../src/runtime/feedback.ts';
import { openPrompts } from '../../src/runtime/open-prompts.ts';
import type { CallReference } from '../../src/runtime/types.ts';
import { run } from '../e2e/in-process.ts';
import { labelRepository } from '../e2e/label-repository.ts';
import { exportingTo } from '../runtime/exported.ts';
import { published, releasing, stateOf, versionOf, writeFiles } from '../runtime/fixtures.ts';
import { startCollector } from './collector.ts';

const id = 'colors/default';
const span = ['--trace', '4bf92f3577b34da6a3ce929d0e0e4736', '--span', '00F067AA0BA902B7'];

let root: string;

beforeEach(() => {
  const repository = labelRepository('http://127.0.0.1:9', { calls: 100 });
  onTestFinished(repository.remove);
  root = repository.root;
});

function configure(...sources: readonly object[]): void {
  const file = path.join(root, 'promptline.yaml');
  const telemetry = { sources, joinWindow: '1m' };
  writeFileSync(file, stringify({ ...parse(readFileSync(file, 'utf8')), telemetry }));
}

const add = (...args: readonly string[]) => run(root, ['feedback', 'add', ...args]);

/** Two calls of a user each, as the runtime records them. */
async function recordedCalls(): Promise<readonly CallReference[]> {
  const version = versionOf('1.0.0', 'words', id);
  writeFiles(path.join(root, 'served'), published([stateOf(id, releasing(version))], [version]));
  mkdirSync(path.join(root, 'telemetry'));
  const exporting = exportingTo(path.join(root, 'telemetry', 'calls.jsonl'));
  const prompts = await openPrompts({ manifest: path.join(root, 'served', 'flags.json') });
  const calls: CallReference[] = [];
  for (const user of ['ada', 'bob']) {
    const given = prompts.for(id, { user, variables: { query: 'play some jazz' } });
    calls.push(
      (
        await given.record(
          () => user,
          (name) => ({ responseId: `response of ${name}` }),
        )
      ).call,
    );
  }
  await exporting.flush();
  prompts.close();
  exporting.end();
  return calls;
}

describe('feedback that the command line adds', () => {
  it.each([
    ['a store', { type: 'store', path: 'telemetry.db' }, []],
    ['a file of the folder', { type: 'otlp-file', path: 'telemetry' }, []],
    ['a file of one name', { type: 'otlp-file', path: 'said.jsonl' }, ['--to', 'said.jsonl']],
  ])('is found at the call that the runtime recorded, through %s', async (_, source, to) => {
    const calls = { type: 'otlp-file', path: 'telemetry' };
    configure(...(source.path === calls.path ? [calls] : [calls, source]));
    const [first, second] = await recordedCalls();
    const byResponse = ['--response-id', first?.responseId ?? ''];
    const bySpan = ['--trace', second?.traceId ?? '', '--span', second?.spanId ?? ''];
    expect(await add(...byResponse, '--score', '0', ...to)).toMatchObject({ code: 0, stderr: '' });
    expect(await add(...bySpan, '--score', '1', ...to)).toMatchObject({ code: 0, stderr: '' });
    const { stdout, stderr } = await run(root, ['status', '--json']);
    expect(stderr).not.toContain('telemetry');
    const { production } = JSON.parse(stdout);
    expect(production.uses).toMatchObject([{ prompt: id, calls: 2, feedback: { users: 2, disliked: 1 } }]);
  });

  it('is the event that the runtime records', async () => {
    configure({ type: 'otlp-file', path: 'telemetry' });
    const [call] = await recordedCalls();
    const file = path.join(root, 'runtime.jsonl');
    const exporting = exportingTo(file);
    recordFeedback(call ?? {}, { score: 0.25, label: 'thumbs_down' });
    await exporting.flush();
    exporting.end();
    await add(
      ...[
        '--response-id',
        call?.responseId ?? '',
        '--trace',
        call?.traceId ?? '',
        '--span',
        call?.spanId ?? '',
      ],
      ...['--score', '0.25', '--label', 'thumbs_down', '--prompt', `${id}@1.0.0`, '--to', 'line.jsonl'],
    );
    expect(recordIn(path.join(root, 'line.jsonl'))).toEqual(recordIn(file));
  });

  it('is a request to an endpoint, with the headers that exporters take', async () => {
    const { address, received } = await startCollector({});
    const args = ['feedback', 'add', ...span, '--score', '0.8', '--name', 'faithfulness', '--to', address];
    const environment = { OTEL_EXPORTER_OTLP_HEADERS: 'Api-Key=a%20b, other=c' };
    expect(await run(root, args, { environment })).toMatchObject({
      code: 0,
      stdout: `faithfulness 0.8 of span 00f067aa0ba902b7 is in ${address}/v1/logs\n`,
    });
    const [request] = received;
    expect(request).toMatchObject({ path: '/v1/logs', headers: { 'api-key': 'a b', other: 'c' } });
    expect(JSON.parse(request?.body ?? '').resourceLogs[0].scopeLogs[0].logRecords).toMatchObject([
      { eventName: 'gen_ai.evaluation.result', spanId: '00f067aa0ba902b7' },
    ]);
  });

  it('is told as JSON', async () => {
    configure({ type: 'store', path: 'data/telemetry.db' });
    const now = () => Date.parse('2026-03-01T00:00:00Z');
    const args = ['feedback', 'add', ...span, '--score', '1', '--json'];
    const { stdout } = await run(root, args, { now });
    expect(JSON.parse(stdout)).toEqual({
      ...{ schema: 1, command: 'feedback add' },
      to: { kind: 'store', path: path.join(root, 'data', 'telemetry.db') },
      event: {
        ...{ at: '2026-03-01T00:00:00.000Z', name: 'user_feedback', score: 1, label: null },
        ...{ responseId: null, traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
        ...{ prompt: null, version: null },
      },
    });
  });
});

describe('feedback is refused', () => {
  const response = ['--response-id', 'chatcmpl-1'];

  it.each<[string, readonly string[], string]>([
    ['without a score', [...response], "required option '--score <n>' not specified"],
    ['with a score in percent', [...response, '--score', '80'], 'Give a number from 0 to 1'],
    ['with a score in words', [...response, '--score', 'good'], 'Give a number from 0 to 1'],
    ['without a call', ['--score', '1'], 'no call is named. Give --response-id, or --trace and --span'],
    ['with half of a call', [...span.slice(2), '--score', '1'], 'Give both --trace and --span'],
    ['with an id that is none', ['--trace', '4bf9', '--score', '1'], 'Give 32 hex digits'],
    ['with an id of zeros', ['--span', '0'.repeat(16), '--score', '1'], 'Give 16 hex digits'],
    ['with no id of a prompt', [...response, '--score', '1', '--prompt', 'x'], 'Give it as family/name'],
    [
      'for no known place',
      [...response, '--score', '1', '--to', 'notes.txt'],
      '"notes.txt" is no place for feedback',
    ],
    [
      'for another protocol',
      [...response, '--score', '1', '--to', 'ftp://x'],
      'must be an http or https address',
    ],
    ['where no source can be written', [...response, '--score', '1'], 'Say where with --to'],
  ])('%s', async (_, args, said) => {
    configure(
      { type: 'otlp-file', path: 'telemetry/one.jsonl' },
      { type: 'postgres', urlEnv: 'DATABASE_URL' },
    );
    const { code, stdout, stderr } = await add(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(said);
  });

  it('by an endpoint that does not take it, and the command says so', async () => {
    const { address } = await startCollector({ status: 400, body: '{"message":"no"}' });
    const { code, stderr } = await add(...response, '--score', '1', '--to', address);
    expect(code).toBe(3);
    expect(stderr).toContain('did not take the event: HTTP 400: no');
  });
});

/** The only log record of a file, without its times. */
function recordIn(file: string): object {
  const { scopeLogs } = JSON.parse(readFileSync(file, 'utf8')).resourceLogs[0];
  const { attributes, timeUnixNano, observedTimeUnixNano, ...record } = scopeLogs[0].logRecords[0];
  const byKey = new Map(attributes.map(({ key, value }: { key: string; value: object }) => [key, value]));
  const { body: _body, droppedAttributesCount: _dropped, flags: _flags, ...rest } = record;
  expect(String(timeUnixNano)).toMatch(/^\d{19}$/);
  expect(String(observedTimeUnixNano)).toMatch(/^\d{19}$/);
  return { ...rest, scope: scopeLogs[0].scope, schemaUrl: scopeLogs[0].schemaUrl, byKey };
}
