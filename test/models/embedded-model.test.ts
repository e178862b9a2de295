import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cacheFolder } from '../../src/models/embedded/cache.ts';
import { openEmbedded } from '../../src/models/embedded/embedded.ts';
import { defaultThreads, openEmbeddedModel } from '../../src/models/embedded/embedded-model.ts';
import { installedEmbeddedModel, pullEmbeddedModel } from '../../src/models/embedded/pull.ts';
import type { Completion, CompletionRequest, Model } from '../../src/models/model.ts';
import type { Message } from '../../src/prompts/prompt.ts';

const cache = cacheFolder({ environment: process.env, platform: process.platform, home: homedir() });
if (process.env.PROMPTLINE_TEST_EMBEDDED === '1') await pullEmbeddedModel({ cache });
const { installed } = installedEmbeddedModel(cache);
const title = installed
  ? 'the embedded model'
  : 'SKIPPED: the embedded model is not installed (PROMPTLINE_TEST_EMBEDDED=1 installs it)';

const demonstrations: Message[] = [
  ['play some jazz', 'PlayMusic'],
  ['will it rain in Paris', 'GetWeather'],
  ['book a table for two', 'BookRestaurant'],
].flatMap(([query, intent]): Message[] => [
  { role: 'user', content: `Query: ${query}\nIntent:` },
  { role: 'assistant', content: `${intent}` },
]);

const request = (messages: readonly Message[], parameters = {}, repeat = 0): CompletionRequest => ({
  messages,
  parameters: { maxTokens: 12, ...parameters },
  repeat,
});
const intentOf = (query: string, shown = demonstrations) =>
  request([...shown, { role: 'user', content: `Query: ${query}\nIntent:` }], { stop: ['\n'] });
const story = (parameters = {}, repeat = 0) =>
  request([{ role: 'user', content: 'Tell a story about a fox' }], parameters, repeat);

/** What must not depend on anything but the request. */
const answer = ({ text, inputTokens, outputTokens, finishReason }: Completion) => ({
  text,
  inputTokens,
  outputTokens,
  finishReason,
});

test('threads: one for each physical core, never more than the processors it may use', () => {
  expect(defaultThreads(4, 8)).toBe(4);
  expect(defaultThreads(4, 4)).toBe(4);
  expect(defaultThreads(8, 2)).toBe(2);
  expect(defaultThreads(1, 1)).toBe(1);
});

describe.skipIf(!installed)(title, () => {
  let model: Model;

  beforeAll(async () => {
    const { ggufPath, runtimePath } = await pullEmbeddedModel({ cache, download: false });
    model = await openEmbeddedModel({
      id: 'embedded/test',
      identity: 'test',
      ggufPath,
      runtimePath,
      prefixSlots: 2,
      // Other test files keep the other cores busy, and the threads would wait for them.
      threads: 1,
    });
  });
  afterAll(() => model.close());

  test('continues demonstrations, stops where it is told and leaves no space around the answer', async () => {
    const completion = await model.complete(intentOf('play a song by Queen'));
    expect(completion).toMatchObject({
      text: 'PlayMusic',
      finishReason: 'stop',
      usd: 0,
      attempts: 1,
      cached: false,
    });
    expect(completion.inputTokens).toBeGreaterThan(50);
    expect(completion.latencyMs).toBeGreaterThan(0);
  });

  test('answers the same when asked first, again, after others, and after its prefix was dropped', async () => {
    const first = answer(await model.complete(story({ maxTokens: 8 })));
    const intent = answer(await model.complete(intentOf('what is the forecast for Oslo')));
    expect(answer(await model.complete(intentOf('what is the forecast for Oslo')))).toEqual(intent);
    await model.complete(intentOf('find me a sushi place'));
    expect(answer(await model.complete(intentOf('what is the forecast for Oslo')))).toEqual(intent);
    // Two other prefixes take both slots.
    await model.complete(intentOf('play', demonstrations.slice(0, 2)));
    await model.complete(intentOf('play', demonstrations.slice(2, 4)));
    expect(answer(await model.complete(intentOf('what is the forecast for Oslo')))).toEqual(intent);
    expect(answer(await model.complete(story({ maxTokens: 8 })))).toEqual(first);
  });

  test('answers requests made at once as it answers them one by one', async () => {
    const requests = [intentOf('play a song by Queen'), story(), intentOf('is it sunny')];
    const oneByOne: Completion[] = [];
    for (const each of requests) oneByOne.push(await model.complete(each));
    const atOnce = await Promise.all(requests.map((each) => model.complete(each)));
    expect(atOnce.map(answer)).toEqual(oneByOne.map(answer));
  });

  test('finds a stop sequence that several tokens make up, and returns what stands before it', async () => {
    const { text } = await model.complete(story());
    const stop = text.slice(3, 14);
    const stopped = await model.complete(story({ stop: [stop] }));
    expect(stopped).toMatchObject({ text: text.slice(0, text.indexOf(stop)), finishReason: 'stop' });
    expect(stopped.outputTokens).toBeGreaterThan(1);
  });

  test('stops at the token limit and says so', async () => {
    expect(await model.complete(story({ maxTokens: 3 }))).toMatchObject({
      outputTokens: 3,
      finishReason: 'length',
    });
  });

  test('with a temperature draws by seed and repeat: the same again for the same, another for another', async () => {
    const draw = async (seed: number, repeat: number) =>
      (await model.complete(story({ temperature: 1, seed, maxTokens: 8 }, repeat))).text;
    const first = await draw(7, 0);
    expect(await draw(7, 0)).toBe(first);
    expect(await draw(7, 1)).not.toBe(first);
    expect(await draw(8, 0)).not.toBe(first);
  });

  test('can be aborted, waiting or at work, and answers the next request as ever', async () => {
    const before = await model.complete(story());
    const controller = new AbortController();
    const atWork = model.complete(story({ maxTokens: 1000 }), controller.signal);
    const waiting = model.complete(story(), controller.signal);
    setTimeout(() => controller.abort(new Error('enough')), 300);
    await expect(atWork).rejects.toThrow('enough');
    await expect(waiting).rejects.toThrow('enough');
    expect(answer(await model.complete(story()))).toEqual(answer(before));
  });

  test('refuses a request that does not fit, with the numbers, and stays usable', async () => {
    const long = request([{ role: 'user', content: 'word '.repeat(2100) }]);
    await expect(model.complete(long)).rejects.toMatchObject({
      name: 'ModelError',
      fatal: false,
      message: expect.stringMatching(/have 2\d{3} tokens .* limit is 2048$/),
    });
    expect(await model.complete(story({ maxTokens: 1 }))).toMatchObject({ outputTokens: 1 });
  });

  test('refuses messages without a question as the input error it is', async () => {
    await expect(model.complete(request(demonstrations))).rejects.toMatchObject({
      name: 'ModelError',
      kind: 'input',
      fatal: false,
    });
  });
});

describe.skipIf(!installed)(`${title}, by its path`, () => {
  const { ggufPath } = installedEmbeddedModel(cache);
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'promptline gguf '));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is any GGUF file: known by the digest of its content', async () => {
    const named = await openEmbedded('embedded/tinyllama-1.1b-chat', {
      cache,
      repositoryRoot: folder,
      autoPull: false,
    });
    const reference = `gguf/${path.relative(path.dirname(ggufPath), ggufPath)}`;
    const own = await openEmbedded(reference, {
      cache,
      repositoryRoot: path.dirname(ggufPath),
      autoPull: false,
    });
    const digest = /sha256:[0-9a-f]{64} node-llama-cpp@\S+$/;
    expect(own.identity.match(digest)?.[0]).toBe(named.identity.match(digest)?.[0]);
    expect(own).toMatchObject({ id: reference, concurrency: 1, reusesPrefixes: true });
    expect(await own.complete(story({ maxTokens: 2 }))).toMatchObject({ outputTokens: 2 });
    await Promise.all([own.close(), named.close()]);
    await expect(own.complete(story())).rejects.toMatchObject({ name: 'ModelError' });
  });

  test('cut short is an error of the file, with what llama.cpp said', async () => {
    writeFileSync(path.join(folder, 'short.gguf'), readFileSync(ggufPath).subarray(0, 100_000));
    const opening = openEmbedded('gguf/short.gguf', { cache, repositoryRoot: folder, autoPull: false });
    await expect(opening).rejects.toMatchObject({
      kind: 'outside',
      message: expect.stringMatching(/short\.gguf cannot be loaded \(.+\)$/),
    });
  });
});
