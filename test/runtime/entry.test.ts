import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { parse } from 'es-module-lexer/js';
import { expect, test } from 'vitest';
import { assign } from '../../src/rollout/assign.ts';
import { manifestOf } from '../../src/rollout/manifest.ts';
import { scratchFolder } from '../files/scratch.ts';
import { prompt } from '../rollout/fixtures.ts';
import { one, published, releasing, stateAfter, two, usersAt } from './fixtures.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const canary = stateAfter(releasing(two));
const { early, late } = usersAt((user) => assign(manifestOf([canary]), prompt, user).arm === 'canary');

const javaScript = `
import { logs, trace } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { openPrompts, recordFeedback } from 'promptline/runtime';
import pinned from './pinned.json' with { type: 'json' };

const spans = new InMemorySpanExporter();
const events = new InMemoryLogRecordExporter();
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }));
logs.setGlobalLoggerProvider(new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: events })] }));

const prompts = await openPrompts({ manifest: 'flags.json', fallback: [pinned] });
const versions = [];
for (const user of process.argv.slice(2)) {
  const { messages, version, record } = prompts.for('${prompt}', { user, variables: { query: 'play some jazz' } });
  const { response, call } = await record(async () => messages.at(-1).content, () => ({ responseId: user }));
  recordFeedback(call, { score: 1 });
  versions.push([version, response]);
}
console.log(JSON.stringify({
  versions,
  spans: spans.getFinishedSpans().map(({ name }) => name),
  events: events.getFinishedLogRecords().map(({ eventName }) => eventName),
}));
// Nothing is closed: polling keeps no process alive.
`;

const typeScript = `
import { type CallReference, openPrompts, type ResolvedPrompt, recordFeedback } from 'promptline/runtime';
import pinned from './pinned.json' with { type: 'json' };

const prompts = await openPrompts<{ '${prompt}': 'query' }>({ manifest: new URL('https://example.com/flags.json'), fallback: [pinned] });
const prompt: ResolvedPrompt = prompts.for('${prompt}', { user: 'ada', variables: { query: 'jazz' } });
const { response, call } = await prompt.record(
  async () => ({ id: 'x', usage: undefined as { tokens: number } | undefined }),
  ({ id, usage }) => ({ responseId: id, inputTokens: usage?.tokens }),
);
const reference: CallReference = call;
recordFeedback(reference, { score: response.id.length });
// @ts-expect-error a variable that the prompt does not have
prompts.for('${prompt}', { variables: { text: 'jazz' } });
// @ts-expect-error a prompt that is not there
prompts.for('query_processing/other', { variables: { query: 'jazz' } });
`;

/** An application with promptline installed as npm links it. */
function application(): string {
  const folder = scratchFolder({
    ...published([canary]),
    'package.json': '{ "type": "module" }',
    'pinned.json': JSON.stringify(one.document),
    'main.js': javaScript,
    'main.ts': typeScript,
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        module: 'nodenext',
        types: ['node'],
        exactOptionalPropertyTypes: true,
      },
      files: ['main.ts'],
    }),
  });
  const modules = path.join(folder, 'node_modules');
  mkdirSync(path.join(modules, '@types'), { recursive: true });
  symlinkSync(root, path.join(modules, 'promptline'));
  for (const name of ['@opentelemetry', '@types/node', 'undici-types'])
    symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
  return folder;
}

test('an application imports promptline/runtime, and ends when it is done', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['main.js', early, late], {
    cwd: application(),
    encoding: 'utf8',
    timeout: 120_000,
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual({
    versions: [
      ['1.1.0', 'Query: play some jazz'],
      ['1.0.0', 'Query: play some jazz'],
    ],
    spans: ['chat gpt-5-mini', 'chat gpt-5-mini'],
    events: Array(2).fill(['feature_flag.evaluation', 'gen_ai.evaluation.result']).flat(),
  });
});

test('its types hold without the sources, also where libraries are checked', () => {
  const tsc = path.join(root, 'node_modules', '.bin', 'tsc');
  const { stdout, status } = spawnSync(tsc, ['-p', '.'], { cwd: application(), encoding: 'utf8' });
  expect([status, stdout]).toEqual([0, '']);
});

test('it is small, and needs nothing but OpenTelemetry’s API', () => {
  const text = readFileSync(path.join(root, 'dist', 'runtime.js'), 'utf8');
  expect(text.length).toBeLessThan(40_000);
  const specifiers = parse(text)[0].map(({ specifier }) => specifier ?? 'node:module');
  expect(specifiers.filter((name) => !isBuiltin(name))).toEqual(['@opentelemetry/api']);
});
