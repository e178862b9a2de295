import path from 'node:path';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import * as stableConventions from '@opentelemetry/semantic-conventions';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assign } from '../../src/rollout/assign.ts';
import { manifestOf } from '../../src/rollout/manifest.ts';
import { recordFeedback } from '../../src/runtime/feedback.ts';
import { targetingKeyOf } from '../../src/runtime/targeting-key.ts';
import { attributes, events, schemaUrl } from '../../src/telemetry/names.ts';
import { scratchFolder } from '../files/scratch.ts';
import { prompt } from '../rollout/fixtures.ts';
import { collecting } from './collected.ts';
import { published, releasing, stateAfter, stateOf, two, usersAt, versionOf } from './fixtures.ts';
import { opened } from './opened.ts';

const canary = stateAfter(releasing(two));
const { early } = usersAt((user) => assign(manifestOf([canary]), prompt, user).arm === 'canary');
const variables = { query: 'the secret question of a user' };
const answer = { id: 'chatcmpl-123', model: 'gpt-5-mini-2026', text: 'the secret answer', tokens: [42, 7] };
const describeAnswer = ({ id, model, text, tokens: [inputTokens, outputTokens] }: typeof answer) => ({
  responseId: id,
  responseModel: model,
  finishReasons: ['stop'],
  inputTokens,
  outputTokens,
  text,
});

async function promptOf(options: { recordText?: boolean } = {}) {
  const folder = scratchFolder(published([canary]));
  const { prompts, errors } = await opened({ manifest: path.join(folder, 'flags.json'), ...options });
  return { prompt: prompts.for(prompt, { user: early, variables }), errors };
}

const assignment = {
  'feature_flag.key': `prompt.${prompt}`,
  'feature_flag.result.variant': 'canary',
  'feature_flag.result.reason': 'split',
  'feature_flag.provider.name': 'promptline',
  'feature_flag.version': '2',
  'feature_flag.context.id': targetingKeyOf(early),
};

describe('a recorded call', () => {
  test('is a span of the conventions, with who was assigned what', async () => {
    const { spans } = collecting();
    const { prompt: given } = await promptOf();
    const { response } = await given.record(async () => answer, describeAnswer);
    expect(response).toBe(answer);
    const [span] = spans();
    expect(span).toMatchObject({
      name: 'chat gpt-5-mini',
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      instrumentationScope: { name: 'promptline', schemaUrl },
    });
    expect(span?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5-mini',
      'gen_ai.request.temperature': 0,
      'gen_ai.request.max_tokens': 16,
      'gen_ai.prompt.name': prompt,
      'gen_ai.prompt.version': '1.1.0',
      'gen_ai.response.id': 'chatcmpl-123',
      'gen_ai.response.model': 'gpt-5-mini-2026',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 42,
      'gen_ai.usage.output_tokens': 7,
      ...assignment,
    });
  });

  test('is an event too, on that span', async () => {
    const { spans, events: emitted } = collecting();
    const { prompt: given } = await promptOf();
    await given.record(async () => answer);
    const [event] = emitted();
    expect(event?.eventName).toBe('feature_flag.evaluation');
    expect(event?.attributes).toEqual(assignment);
    expect(event?.spanContext?.spanId).toBe(spans()[0]?.spanContext().spanId);
  });

  test('is on that span also where the application has no context manager', async () => {
    const { spans, events: emitted } = collecting();
    context.disable();
    const { prompt: given } = await promptOf();
    await given.record(() => answer);
    expect(emitted()[0]?.spanContext?.spanId).toBe(spans()[0]?.spanContext().spanId);
  });

  test('lasts as long as the call, and spans of the call are inside it', async () => {
    const { spans } = collecting();
    const { prompt: given } = await promptOf();
    const { record } = given;
    await record(async () => {
      trace.getTracer('client').startSpan('POST').end();
      await new Promise((done) => setTimeout(done, 60));
    });
    const [inner, outer] = spans();
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    const [seconds = 0, nanoseconds = 0] = outer?.duration ?? [];
    expect(seconds * 1000 + nanoseconds / 1e6).toBeGreaterThan(50);
  });

  test.each([
    [
      'a class of its own',
      Object.assign(new Error('secret words'), { name: 'RateLimitError' }),
      'RateLimitError',
    ],
    ['a name that is a sentence', Object.assign(new Error('x'), { name: 'the secret question' }), '_OTHER'],
    ['no error', 'the secret question', '_OTHER'],
  ])('that throws %s is marked by it without its words, and throws on', async (_, thrown, type) => {
    const { spans, otlp } = collecting();
    const { prompt: given } = await promptOf();
    const call = () => {
      throw thrown;
    };
    await expect(given.record(call)).rejects.toBe(thrown);
    expect(spans()[0]?.attributes['error.type']).toBe(type);
    expect(spans()[0]?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(otlp().join()).not.toContain('secret');
  });

  test.each([
    [
      'throws',
      () => {
        throw new TypeError('no usage');
      },
    ],
    // As an application in JavaScript may give it.
    ['gives null in place of a list', () => ({ finishReasons: JSON.parse('null') })],
  ])('whose answer cannot be described is not lost: `describe` %s', async (_, describeIt) => {
    const { spans } = collecting();
    const { prompt: given, errors } = await promptOf();
    const { response } = await given.record(() => 'an answer', describeIt);
    expect(response).toBe('an answer');
    expect(errors[0]).toContain('`describe` failed');
    expect(spans()[0]?.status.code).toBe(SpanStatusCode.UNSET);
  });

  test('needs nobody who collects', async () => {
    const { prompt: given } = await promptOf();
    const { response, call } = await given.record(() => answer, describeAnswer);
    expect(response).toBe(answer);
    expect(call).toEqual({ prompt, version: '1.1.0', responseId: 'chatcmpl-123' });
    expect(() => recordFeedback(call, { score: 1 })).not.toThrow();
  });

  test('of a pinned prompt belongs to no arm, and of nobody to nobody', async () => {
    const { spans } = collecting();
    const own = versionOf('0.9.0', 'own', 'reasoning/own');
    const folder = scratchFolder(published([canary]));
    const { prompts } = await opened({ manifest: path.join(folder, 'flags.json'), fallback: [own.document] });
    await prompts.for('reasoning/own', { user: early, variables }).record(() => answer);
    await prompts.for(prompt, { variables }).record(() => answer);
    const [pinned, nobodys] = spans().map((span) => span.attributes);
    expect(pinned).toMatchObject({
      'feature_flag.result.variant': 'fallback',
      'feature_flag.result.reason': 'default',
    });
    expect(nobodys).toMatchObject({
      'feature_flag.result.variant': 'stable',
      'feature_flag.result.reason': 'static',
    });
    expect(nobodys).not.toHaveProperty('feature_flag.context.id');
  });
});

describe('feedback', () => {
  test('is an event on the span of its call, also from another process', async () => {
    const { spans, events: emitted } = collecting();
    const { prompt: given } = await promptOf();
    const { call } = await given.record(() => answer, describeAnswer);
    recordFeedback(JSON.parse(JSON.stringify(call)), { score: 0, label: 'thumbs_down' });
    const event = emitted()[1];
    expect(event?.eventName).toBe('gen_ai.evaluation.result');
    expect(event?.spanContext).toMatchObject({
      traceId: spans()[0]?.spanContext().traceId,
      spanId: spans()[0]?.spanContext().spanId,
    });
    expect(event?.attributes).toEqual({
      'gen_ai.evaluation.name': 'user_feedback',
      'gen_ai.evaluation.score.value': 0,
      'gen_ai.evaluation.score.label': 'thumbs_down',
      'gen_ai.response.id': 'chatcmpl-123',
      'gen_ai.prompt.name': prompt,
      'gen_ai.prompt.version': '1.1.0',
    });
  });

  test('finds its call by the id of the response alone, whatever span it is given in', async () => {
    const { events: emitted } = collecting();
    await trace.getTracer('application').startActiveSpan('request', async (span) => {
      recordFeedback({ responseId: 'chatcmpl-123' }, { score: 1 });
      span.end();
    });
    expect(emitted()[0]?.attributes).toMatchObject({ 'gen_ai.response.id': 'chatcmpl-123' });
    expect(emitted()[0]?.spanContext).toBeUndefined();
  });

  test.each([-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY, '1' as unknown as number])(
    'with the score %d is refused',
    (score) => {
      expect(() => recordFeedback({ responseId: 'x' }, { score })).toThrow('a score in [0, 1]');
    },
  );
});

describe('words', () => {
  const letters = fc.string({
    unit: fc.constantFrom(...'ghijklmnopqrstuvwxyzäöü €😀'),
    minLength: 12,
    maxLength: 30,
  });

  test('of the prompt, the user, the answer and the user id are in nothing that is sent', async () => {
    const collected = collecting();
    let calls = 0;
    await fc.assert(
      fc.asyncProperty(letters, letters, letters, letters, async (words, query, text, user) => {
        const version = versionOf('1.0.0', words, 'a/b');
        const folder = scratchFolder(published([stateOf('a/b', releasing(version))], [version]));
        const { prompts } = await opened({ manifest: path.join(folder, 'flags.json') });
        const given = prompts.for('a/b', { user, variables: { query } });
        const { call } = await given.record(() => ({ ...answer, text }), describeAnswer);
        recordFeedback(call, { score: 1 });
        prompts.close();
        const sent = collected.otlp().join();
        expect(collected.spans()).toHaveLength(++calls);
        for (const secret of [words, query, text, user])
          expect(sent).not.toContain(JSON.stringify(secret).slice(1, -1));
      }),
      { numRuns: 25 },
    );
  });

  test('are on the span where the application asks for them', async () => {
    const { spans } = collecting();
    const { prompt: given } = await promptOf({ recordText: true });
    await given.record(() => answer, describeAnswer);
    const { attributes: recorded = {} } = spans()[0] ?? {};
    expect(JSON.parse(String(recorded['gen_ai.input.messages']))).toEqual([
      { role: 'system', parts: [{ type: 'text', content: 'words of 1.1.0' }] },
      { role: 'user', parts: [{ type: 'text', content: 'Query: the secret question of a user' }] },
    ]);
    expect(JSON.parse(String(recorded['gen_ai.output.messages']))).toEqual([
      { role: 'assistant', parts: [{ type: 'text', content: 'the secret answer' }] },
    ]);
    expect(JSON.parse(String(recorded['promptline.prompt.variables']))).toEqual(variables);
  });
});

test('on the wire it is OTLP JSON: attributes with kinds, ids in hex, nanoseconds in text, named events', async () => {
  const { otlp } = collecting();
  const { prompt: given } = await promptOf();
  const { call } = await given.record(() => answer, describeAnswer);
  recordFeedback(call, { score: 0.5 });
  const [traces, records] = otlp().map((text) => JSON.parse(text));
  const span = traces.resourceSpans[0].scopeSpans[0].spans[0];
  expect(span).toMatchObject({
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    startTimeUnixNano: expect.stringMatching(/^\d{19}$/),
    endTimeUnixNano: expect.stringMatching(/^\d{19}$/),
  });
  expect(span.attributes).toContainEqual({ key: 'gen_ai.usage.input_tokens', value: { intValue: 42 } });
  expect(span.attributes).toContainEqual({ key: 'gen_ai.prompt.version', value: { stringValue: '1.1.0' } });
  const [evaluation, feedback] = records.resourceLogs[0].scopeLogs[0].logRecords;
  expect(evaluation).toMatchObject({ eventName: 'feature_flag.evaluation', spanId: span.spanId });
  expect(feedback).toMatchObject({ eventName: 'gen_ai.evaluation.result', spanId: span.spanId });
  expect(feedback.attributes).toContainEqual({
    key: 'gen_ai.evaluation.score.value',
    value: { doubleValue: 0.5 },
  });
});

test('names are those of the published conventions, but for two that are named', () => {
  const known = new Set<unknown>(
    [stableConventions, conventions].flatMap((names) => Object.values<unknown>(names)),
  );
  const unknown = [...Object.values(attributes), ...Object.values(events)].filter((name) => !known.has(name));
  expect(unknown).toEqual(['gen_ai.prompt.version', 'promptline.prompt.variables']);
});
