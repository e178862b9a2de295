import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server as SocketServer } from 'node:net';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { CompletionRequest } from '../../src/models/model.ts';
import { type OpenAiCompatibleOptions, openAiCompatible } from '../../src/models/openai-compatible.ts';
import type { ScriptInput } from '../protocol-server/script.ts';
import { type ProtocolServer, startProtocolServer } from '../protocol-server/server.ts';
import { request } from './fake-model.ts';

const servers: ProtocolServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const noWaiting = { sleep: async () => {}, random: () => 0 };

async function start(script: ScriptInput, options: Partial<OpenAiCompatibleOptions> = {}) {
  const server = await startProtocolServer(script);
  servers.push(server);
  const baseUrl = `${server.address}/v1/`;
  const model = openAiCompatible(
    { provider: 'local', model: 'm', baseUrl, concurrency: 16, ...options },
    noWaiting,
  );
  return { server, model };
}

describe('a model behind an OpenAI-compatible address', () => {
  it('sends the messages and parameters as they are, and nothing else', async () => {
    const { server, model } = await start(
      {},
      { apiKey: 'secret', headers: { 'X-Team': 'search', Authorization: 'other' } },
    );
    const messages = [
      { role: 'system', content: ' Be brief.\n' },
      { role: 'user', content: 'ä {{x}} \ud83d\ude00' },
    ] as const;
    const parameters = { temperature: 0, topP: 0.5, maxTokens: 16, stop: ['\n'], seed: 7 };
    await model.complete({ messages, parameters, repeat: 3 });
    expect(server.received[0]?.body).toEqual({
      model: 'm',
      messages,
      temperature: 0,
      top_p: 0.5,
      max_tokens: 16,
      stop: ['\n'],
      seed: 7,
      stream: false,
    });
    expect(server.received[0]?.headers).toMatchObject({ authorization: 'Bearer secret', 'x-team': 'search' });
  });

  it('leaves out what the prompt leaves out', async () => {
    const { server, model } = await start({});
    await model.complete({ messages: [{ role: 'user', content: 'hi' }], parameters: {}, repeat: 0 });
    expect(server.received[0]?.body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      stream: false,
    });
    expect(server.received[0]?.headers['authorization']).toBeUndefined();
  });

  it('returns the text untouched, the tokens, the price and the time', async () => {
    const { model } = await start({ latencyMs: 30 }, { price: { input: 2, output: 10 } });
    const answer = await model.complete({ ...request(' 8 chars'), parameters: { maxTokens: 1 } });
    expect(answer).toEqual({
      text: ' 8 c',
      inputTokens: 2,
      outputTokens: 1,
      usd: 0.000014,
      latencyMs: expect.any(Number),
      attempts: 1,
      finishReason: 'length',
      cached: false,
    });
    expect(answer.latencyMs).toBeGreaterThanOrEqual(29);
  });

  it('does not know the price without being told, and says when an answer was cut', async () => {
    const { model } = await start({});
    const cut: CompletionRequest = { ...request('a long answer'), parameters: { maxTokens: 1 } };
    await expect(model.complete(cut)).resolves.toMatchObject({
      usd: null,
      text: 'a lo',
      finishReason: 'length',
    });
  });

  it('has an identity that tells addresses apart, whatever their last slash', () => {
    const at = (baseUrl: string) => openAiCompatible({ provider: 'p', model: 'm', baseUrl, concurrency: 1 });
    expect(at('http://a/v1').identity).toBe(at('http://a/v1/').identity);
    expect(at('http://a/v1').identity).not.toBe(at('http://b/v1').identity);
    expect(at('http://a/v1').id).toBe('p/m');
  });

  it.each(['cut', 'not-json', 'html', 'huge', 'wrong-shape', 'empty'] as const)(
    'asks again after an answer that is %s, and counts the attempts',
    async (kind) => {
      const { server, model } = await start({ failures: [{ kind, first: 2 }] });
      await expect(model.complete(request('hi'))).resolves.toMatchObject({ text: 'hi', attempts: 3 });
      expect(server.stats().failures).toEqual({ [kind]: 2 });
    },
  );

  it.each(['cut', 'not-json', 'html', 'wrong-shape', 'empty'] as const)(
    "makes answers that stay %s the example's own failure",
    async (kind) => {
      const { server, model } = await start({ failures: [{ kind }] });
      const error: unknown = await model.complete(request('hi')).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: 'ModelError', fatal: false, attempts: 4 });
      expect(String(error)).not.toMatch(/\p{Cc}/u);
      expect(server.stats().requests).toBe(4);
    },
  );

  it('does not read an answer without end', async () => {
    const { model } = await start({ failures: [{ kind: 'huge' }] }, { tries: 1 });
    await expect(model.complete(request('hi'))).rejects.toThrow('local/m: the answer is larger than 16 MiB');
  });

  it('waits as long as a rate limit asks', async () => {
    const waits: number[] = [];
    const { server } = await start({
      failures: [{ kind: 'status', status: 429, retryAfter: '2', first: 1 }],
    });
    const model = openAiCompatible(
      { provider: 'p', model: 'm', baseUrl: `${server.address}/v1`, concurrency: 1 },
      { sleep: async (ms) => void waits.push(ms), random: () => 0 },
    );
    await expect(model.complete(request('hi'))).resolves.toMatchObject({ attempts: 2 });
    expect(waits).toEqual([2000]);
  });

  it('ends each attempt at its timeout when the server never answers', async () => {
    const { server, model } = await start({ failures: [{ kind: 'hang' }] }, { timeoutMs: 50, tries: 2 });
    await expect(model.complete(request('hi'))).rejects.toMatchObject({
      fatal: false,
      attempts: 2,
      message: 'local/m: no answer within 0.05 s (2 attempts)',
    });
    expect(server.stats().requests).toBe(2);
  });

  it('succeeds after a slow attempt was given up', async () => {
    const { model } = await start(
      { failures: [{ kind: 'slow', delayMs: 5000, first: 1 }] },
      { timeoutMs: 200 },
    );
    await expect(model.complete(request('hi'))).resolves.toMatchObject({ text: 'hi', attempts: 2 });
  });

  it.each([
    [401, 'LOCAL_KEY'],
    [402, 'Add credit'],
  ])('fails for good with status %i and says what to do', async (status, hint) => {
    const { server, model } = await start(
      { failures: [{ kind: 'status', status }] },
      { apiKeyEnv: 'LOCAL_KEY' },
    );
    await expect(model.complete(request('hi'))).rejects.toMatchObject({
      fatal: true,
      hint: expect.stringContaining(hint),
    });
    expect(server.stats().requests).toBe(1);
  });

  it('never repeats the key a server echoes', async () => {
    const { model } = await start({ apiKey: 'right' }, { apiKey: 'sk-wrong', apiKeyEnv: 'LOCAL_KEY' });
    await expect(model.complete(request('hi'))).rejects.toThrow(
      'local/m: HTTP 401: Incorrect API key provided: [key] (invalid_api_key)',
    );
  });

  it('fails for good when the model is unknown', async () => {
    const { model } = await start({ models: ['other'] });
    await expect(model.complete(request('hi'))).rejects.toMatchObject({
      fatal: true,
      message: expect.stringContaining('The model m does not exist'),
    });
  });

  it("passes a provider's refusal of one request on as its own failure", async () => {
    const { model } = await start({});
    await expect(model.complete({ ...request('hi'), parameters: { temperature: 9 } })).rejects.toMatchObject({
      fatal: false,
      attempts: 1,
      message: expect.stringContaining('HTTP 400: temperature: '),
    });
  });

  it('refuses answers that count no tokens instead of inventing a number', async () => {
    const { model } = await start({ failures: [{ kind: 'no-usage' }] });
    await expect(model.complete(request('hi'))).rejects.toMatchObject({
      fatal: true,
      message: expect.stringContaining('`usage`'),
    });
  });

  it('takes null for an empty answer, as the protocol says', async () => {
    const body = {
      choices: [{ message: { content: null }, finish_reason: 'content_filter' }],
      usage: { prompt_tokens: 1, completion_tokens: 0 },
    };
    const server = createServer((_, response) => void response.end(JSON.stringify(body)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const model = openAiCompatible({ provider: 'p', model: 'm', baseUrl, concurrency: 1 });
    const answer = await model.complete(request('hi'));
    server.closeAllConnections();
    server.close();
    expect(answer).toMatchObject({ text: '', finishReason: 'other', outputTokens: 0 });
  });

  it('fails for good when nobody listens or the name is unknown, naming the address', async () => {
    const { server, model } = await start({});
    await server.close();
    await expect(model.complete(request('hi'))).rejects.toMatchObject({
      fatal: true,
      message: 'local/m: cannot be reached (ECONNREFUSED) (4 attempts)',
      hint: expect.stringContaining(server.address),
    });
    const nowhere = openAiCompatible(
      { provider: 'p', model: 'm', baseUrl: 'http://no-such-host.invalid', concurrency: 1 },
      noWaiting,
    );
    await expect(nowhere.complete(request('hi'))).rejects.toMatchObject({ fatal: true });
  });

  it('can be cancelled while it waits for an answer', async () => {
    const { server, model } = await start({ failures: [{ kind: 'hang' }] });
    const controller = new AbortController();
    const answer = model.complete(request('hi'), controller.signal);
    const cancelled = expect(answer).rejects.toMatchObject({ fatal: true, message: 'The run was cancelled' });
    while (server.stats().requests === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort();
    await cancelled;
  });

  it('lets as many requests run at once as it is asked', async () => {
    const { server, model } = await start({ latencyMs: 400 });
    await Promise.all(Array.from({ length: 40 }, (_, index) => model.complete(request(String(index)))));
    expect(server.stats()).toMatchObject({ requests: 40, largestConcurrency: 40, distinct: 40 });
  });

  it('never repeats the key of an answer that is none although its status says so', async () => {
    const echo = JSON.stringify({ error: { message: 'Incorrect API key provided: sk-wrong' } });
    for (const body of [echo, 'no such key: sk-wrong']) {
      const error = await errorFrom(createServer((_, response) => void response.end(body)));
      expect(error).toContain('[key]');
      expect(error).not.toContain('sk-wrong');
    }
  });

  it('shows the words of a status line without what acts in a terminal, and without the key', async () => {
    const line = 'HTTP/1.1 400 sk-wrong \u0080\u009b31m red\r\ncontent-length: 0\r\n\r\n';
    const error = await errorFrom(
      createSocketServer((socket) => socket.once('data', () => socket.end(line, 'latin1'))),
    );
    expect(error).toContain('HTTP 400: [key] 31m red');
    expect(error).not.toMatch(/\p{Cc}/u);
  });
});

/** What a person reads when a server of its own, which is asked once with the key `sk-wrong`, gives no answer. */
async function errorFrom(server: SocketServer): Promise<unknown> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const model = openAiCompatible(
    { provider: 'p', model: 'm', baseUrl, apiKey: 'sk-wrong', concurrency: 1 },
    noWaiting,
  );
  return model.complete(request('hi')).catch(String);
}
