import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as ax from '@ax-llm/ax';
import { afterEach, describe, expect, it } from 'vitest';
import { type AxModelOptions, axModel } from '../../src/models/ax-provider.ts';
import { type AxProvider, axProviders, isAxProvider } from '../../src/models/ax-providers.ts';
import type { ScriptInput } from '../protocol-server/script.ts';
import { type ProtocolServer, startProtocolServer } from '../protocol-server/server.ts';
import { request } from './fake-model.ts';

const servers: ProtocolServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const DIALECTS = {
  openai: { model: 'gpt-4o-mini', base: '/v1' },
  anthropic: { model: 'claude-sonnet-4-5', base: '' },
} as const;

async function start(
  type: keyof typeof DIALECTS,
  script: ScriptInput,
  options: Partial<AxModelOptions> = {},
) {
  const server = await startProtocolServer(script);
  servers.push(server);
  const { model, base } = DIALECTS[type];
  const tools = { sleep: async () => {}, random: () => 0 };
  return {
    server,
    model: await axModel(
      {
        provider: type,
        type,
        model,
        apiKey: 'key',
        baseUrl: server.address + base,
        concurrency: 16,
        ...options,
      },
      tools,
    ),
  };
}

const conversation = {
  messages: [
    { role: 'system', content: ' Rules\n' },
    { role: 'user', content: 'q1' },
    { role: 'assistant', content: 'a1' },
    { role: 'user', content: ' q2 \n' },
  ],
  parameters: { temperature: 0, maxTokens: 16, topP: 0.5, stop: ['END'] },
  repeat: 0,
} as const;

describe('the table of providers', () => {
  const leftOut = ['openai-compatible', 'webllm', 'typesafe'];

  it("names each of Ax's providers but the ones left out", () => {
    expect([...Object.keys(axProviders), ...leftOut].sort()).toEqual([...ax.axAIProviderProfileIds].sort());
  });

  it.each(Object.entries<AxProvider>(axProviders))(
    'agrees with Ax about key and address of %s',
    (name, provider) => {
      if (!isAxProvider(name)) throw new Error(`${name} is not in the table`);
      const profile = ax.axGetAIProfile(name);
      expect(provider.needsKey).toBe(profile.authentication.required);
      expect(provider.needsAddress).toBe(profile.baseURL === undefined);
    },
  );
});

describe('a model through Ax', () => {
  it('sends messages and parameters in the protocol of OpenAI', async () => {
    const { server, model } = await start('openai', {});
    const answer = await model.complete(conversation);
    expect(server.stats().rejected).toBe(0);
    expect(server.received[0]?.headers['authorization']).toBe('Bearer key');
    expect(server.received[0]?.body).toEqual({
      model: 'gpt-4o-mini',
      messages: conversation.messages,
      max_completion_tokens: 16,
      temperature: 0,
      top_p: 0.5,
      stop: ['END'],
    });
    expect(answer).toMatchObject({ text: ' q2 \n', finishReason: 'stop', attempts: 1, cached: false });
  });

  it('sends messages and parameters in the protocol of Anthropic', async () => {
    const { server, model } = await start('anthropic', {});
    const answer = await model.complete(conversation);
    expect(server.stats().rejected).toBe(0);
    expect(server.received[0]?.headers['x-api-key']).toBe('key');
    expect(server.received[0]?.body).toEqual({
      model: 'claude-sonnet-4-5',
      system: [{ type: 'text', text: ' Rules\n' }],
      messages: conversation.messages.slice(1),
      max_tokens: 16,
      temperature: 0,
      top_p: 0.5,
      stop_sequences: ['END'],
    });
    expect(answer).toMatchObject({ text: ' q2 \n', finishReason: 'stop', inputTokens: 4, outputTokens: 2 });
  });

  it.each(['openai', 'anthropic'] as const)(
    'sends no temperature the prompt does not name (%s)',
    async (type) => {
      const { server, model } = await start(type, {});
      await model.complete({ messages: [{ role: 'user', content: 'hi' }], parameters: {}, repeat: 0 });
      expect(server.received[0]?.body).not.toHaveProperty('temperature');
    },
  );

  it('says when an answer was cut', async () => {
    for (const type of ['openai', 'anthropic'] as const) {
      const { model } = await start(type, {});
      const answer = await model.complete({ ...request('a long answer'), parameters: { maxTokens: 1 } });
      expect(answer).toMatchObject({ text: 'a lo', finishReason: 'length' });
    }
  });

  it("takes the price from the configuration, else from Ax's list, else does not know it", async () => {
    const priceOf = async (options: Partial<AxModelOptions>) => {
      const { model } = await start('openai', {}, options);
      return (await model.complete(request('x'.repeat(4000)))).usd;
    };
    expect(await priceOf({ price: { input: 1, output: 3 } })).toBeCloseTo(0.004, 10);
    const listed = ax.axModelInfoOpenAI.find(({ name }) => name === 'gpt-4o-mini');
    const perToken = ((listed?.promptTokenCostPer1M ?? 0) + (listed?.completionTokenCostPer1M ?? 0)) / 1e6;
    expect(perToken).toBeGreaterThan(0);
    expect(await priceOf({})).toBeCloseTo(1000 * perToken, 10);
    expect(await priceOf({ model: 'somebody/else' })).toBeNull();
  });

  it('counts attempts itself: Ax does not retry underneath', async () => {
    for (const type of ['openai', 'anthropic'] as const) {
      const { server, model } = await start(type, { failures: [{ kind: 'status', status: 503, first: 2 }] });
      await expect(model.complete(request('hi'))).resolves.toMatchObject({ text: 'hi', attempts: 3 });
      expect(server.stats().requests).toBe(3);
    }
  });

  it.each(['cut', 'not-json', 'html', 'wrong-shape', 'empty', 'huge'] as const)(
    'asks again after an answer that is %s',
    async (kind) => {
      for (const type of ['openai', 'anthropic'] as const) {
        const { model } = await start(type, { failures: [{ kind, first: 1 }] });
        await expect(model.complete(request('hi'))).resolves.toMatchObject({ text: 'hi', attempts: 2 });
      }
    },
  );

  it.each([
    [401, true, 'ANTHROPIC_API_KEY'],
    [404, true, "model's name"],
  ])('reports status %i as the other client does', async (status, fatal, hint) => {
    const { server, model } = await start('anthropic', {
      failures: [{ kind: 'status', status, message: 'no\u0007pe key' }],
    });
    await expect(model.complete(request('hi'))).rejects.toMatchObject({
      name: 'ModelError',
      fatal,
      message: `anthropic/claude-sonnet-4-5: HTTP ${status}: no pe [key] (scripted)`,
      hint: expect.stringContaining(hint),
    });
    expect(server.stats().requests).toBe(1);
  });

  it('ends each attempt at its timeout', async () => {
    const { model } = await start('openai', { failures: [{ kind: 'hang' }] }, { timeoutMs: 50, tries: 2 });
    await expect(model.complete(request('hi'))).rejects.toMatchObject({
      attempts: 2,
      message: expect.stringContaining('0.05 s'),
    });
  });

  it('fails for good when nobody listens', async () => {
    const { server, model } = await start('openai', {});
    await server.close();
    await expect(model.complete(request('hi'))).rejects.toMatchObject({
      fatal: true,
      hint: expect.stringContaining(server.address),
    });
  });

  it("makes what Ax refuses to send the example's own failure", async () => {
    const { server, model } = await start('openai', {});
    const empty = { messages: [{ role: 'system', content: '' }], parameters: {}, repeat: 0 } as const;
    await expect(model.complete(empty)).rejects.toMatchObject({
      fatal: false,
      attempts: 1,
      message: expect.stringContaining('empty'),
    });
    expect(server.stats().requests).toBe(0);
  });

  it('refuses answers that count no tokens', async () => {
    const { model } = await start('openai', { failures: [{ kind: 'no-usage' }] });
    await expect(model.complete(request('hi'))).rejects.toMatchObject({
      fatal: true,
      message: expect.stringContaining('tokens'),
    });
  });

  it('keeps requests that run together apart', async () => {
    const { model } = await start('openai', { failures: [{ kind: 'status', status: 400, contains: 'bad' }] });
    const contents = Array.from({ length: 20 }, (_, index) =>
      index % 3 === 0 ? `bad ${index}` : `good ${index}`,
    );
    const results = await Promise.allSettled(contents.map((content) => model.complete(request(content))));
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value.text : 'failed'))).toEqual(
      contents.map((content) => (content.startsWith('bad') ? 'failed' : content)),
    );
  });

  it('builds the paths of an Azure deployment from its address', async () => {
    const server = await startProtocolServer({});
    servers.push(server);
    const model = await axModel({
      provider: 'azure',
      type: 'azure-openai',
      model: 'my-gpt',
      apiKey: 'key',
      baseUrl: server.address,
      concurrency: 1,
    });
    await expect(model.complete(request('hi'))).rejects.toThrow(
      'no such path: POST /openai/deployments/my-gpt/chat/completions',
    );
  });

  it.each([
    {
      type: 'openai',
      said: 'tokens that the provider had in its cache',
      body: {
        choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
        usage: {
          prompt_tokens: 2000,
          completion_tokens: 50,
          total_tokens: 2050,
          prompt_tokens_details: { cached_tokens: 1920 },
          completion_tokens_details: { reasoning_tokens: 40 },
        },
      },
    },
    {
      type: 'google-gemini',
      said: 'tokens of thoughts and of the cache',
      body: {
        candidates: [{ content: { role: 'model', parts: [{ text: 'yes' }] }, finishReason: 'STOP' }],
        usageMetadata: {
          promptTokenCount: 2000,
          cachedContentTokenCount: 1920,
          candidatesTokenCount: 10,
          thoughtsTokenCount: 40,
          totalTokenCount: 2050,
        },
      },
    },
    {
      type: 'anthropic',
      said: 'tokens read from the cache and written to it',
      body: {
        id: 'a',
        type: 'message',
        role: 'assistant',
        model: 'm',
        content: [{ type: 'text', text: 'yes' }],
        stop_reason: 'end_turn',
        usage: {
          input_tokens: 80,
          cache_read_input_tokens: 1900,
          cache_creation_input_tokens: 20,
          output_tokens: 50,
        },
      },
    },
  ] as const)('counts every token sent and made ($type): also $said', async ({ type, body }) => {
    const server = createServer((_, response) => void response.end(JSON.stringify(body)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const model = await axModel({
      provider: type,
      type,
      model: 'some-model',
      apiKey: 'key',
      baseUrl: `http://127.0.0.1:${port}`,
      price: { input: 1, output: 10 },
      concurrency: 1,
    });
    const answer = await model.complete(request('hi'));
    server.closeAllConnections();
    server.close();
    expect(answer).toMatchObject({ text: 'yes', inputTokens: 2000, outputTokens: 50, usd: 0.0025 });
  });
});
