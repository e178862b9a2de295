import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { describeError } from '../../src/errors.ts';
import { type AxEmbedderOptions, axEmbedder } from '../../src/models/ax-embedder.ts';
import { axProviderNames } from '../../src/models/ax-providers.ts';
import type { Embedder } from '../../src/models/embedder.ts';
import { type EmbedderContext, openEmbedder } from '../../src/models/embedder-registry.ts';
import { openAiEmbedder } from '../../src/models/openai-embedder.ts';
import { providerConfigSchema } from '../../src/models/provider-config.ts';
import { vectorOf } from '../protocol-server/embeddings.ts';
import type { ScriptInput } from '../protocol-server/script.ts';
import { startProtocolServer } from '../protocol-server/server.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const noWaiting = { sleep: async () => {}, random: () => 0 };
const texts = ['red green', 'green blue', 'red'];
const expectedVectors = texts.map((text) => Float32Array.from(vectorOf(text)));

async function serve(script: ScriptInput = {}) {
  const server = await startProtocolServer(script);
  cleanups.push(() => server.close());
  return server;
}

/** A server that answers each request with one text. */
async function serveText(body: string): Promise<string> {
  const server = createServer((_, response) => void response.end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Options = Partial<AxEmbedderOptions>;

const clients = {
  'of our own': async (baseUrl: string, options: Options = {}): Promise<Embedder> =>
    openAiEmbedder({ provider: 'local', model: 'm', apiKey: 'secret', ...options, baseUrl }, noWaiting),
  'through Ax': (baseUrl: string, options: Options = {}): Promise<Embedder> =>
    axEmbedder(
      { type: 'openai', provider: 'local', model: 'm', apiKey: 'secret', ...options, baseUrl },
      noWaiting,
    ),
};

describe.each(Object.entries(clients))('an embedding client %s', (_, open) => {
  it('sends the texts in one request and gives each its vector, in whatever order they come', async () => {
    const server = await serve({ apiKey: 'secret' });
    const embedder = await open(`${server.address}/v1`, { price: { input: 2, output: 9 } });
    expect(await embedder.embed(texts)).toEqual({
      vectors: expectedVectors,
      inputTokens: 6,
      usd: 12e-6,
      attempts: 1,
      cached: 0,
    });
    expect(server.received.map(({ path: where, body }) => [where, body])).toEqual([
      ['/v1/embeddings', { model: 'm', input: texts }],
    ]);
    expect(embedder).toMatchObject({ id: 'local/m', identity: `local/m ${server.address}/v1` });
  });

  it('does not know the costs without a price', async () => {
    const embedder = await open(`${(await serve()).address}/v1`);
    expect(await embedder.embed(['a'])).toMatchObject({ inputTokens: 1, usd: null });
  });

  it('claims no costs where the tokens are not counted', async () => {
    const server = await serve({ failures: [{ kind: 'no-usage' }] });
    const embedder = await open(`${server.address}/v1`, { price: { input: 2, output: 2 } });
    expect(await embedder.embed(['red'])).toMatchObject({ inputTokens: 0, usd: null });
  });

  it.each(['cut', 'not-json', 'html', 'wrong-shape', 'empty', 'huge'] as const)(
    'asks again after an answer that is %s',
    async (kind) => {
      const server = await serve({ failures: [{ kind, first: 1 }] });
      const embedder = await open(`${server.address}/v1`);
      expect(await embedder.embed(texts)).toMatchObject({ vectors: expectedVectors, attempts: 2 });
    },
  );

  it.each([
    ['too few vectors', { data: [{ index: 0, embedding: [1] }] }, '1 vectors came for 2 texts'],
    ['no numbers', { data: [0, 1].map((index) => ({ index, embedding: ['1'] })) }, 'not a list of numbers'],
    [
      'no direction',
      { data: [0, 1].map((index) => ({ index, embedding: [0, 0] })) },
      'not a list of numbers',
    ],
    [
      'too large a number',
      { data: [0, 1].map((index) => ({ index, embedding: [1e99] })) },
      'not a list of numbers',
    ],
    [
      'two lengths',
      { data: [[1], [1, 2]].map((embedding, index) => ({ index, embedding })) },
      'differ in length',
    ],
  ])('refuses an answer with %s', async (_what, body, message) => {
    const usage = { prompt_tokens: 1, total_tokens: 1 };
    const embedder = await open(await serveText(JSON.stringify({ ...body, usage })), { tries: 1 });
    await expect(embedder.embed(['a', 'b'])).rejects.toMatchObject({
      name: 'ModelError',
      fatal: false,
      message: expect.stringContaining(message),
    });
  });

  it('fails for good where the key is wrong, without repeating it', async () => {
    const server = await serve({ apiKey: 'right' });
    const embedder = await open(`${server.address}/v1`, { apiKeyEnv: 'LOCAL_KEY' });
    const error = await embedder.embed(['a']).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ModelError', fatal: true, attempts: 1 });
    expect(describeError(error)).toContain('Check the key in LOCAL_KEY');
    expect(describeError(error)).not.toContain('secret');
  });

  it('waits for a server that fails, up to the tries it has', async () => {
    const server = await serve({ failures: [{ kind: 'status', status: 503, first: 2 }] });
    const embedder = await open(`${server.address}/v1`, { tries: 3 });
    expect(await embedder.embed(['a'])).toMatchObject({ attempts: 3 });
    const weary = await serve({ failures: [{ kind: 'hang' }] });
    const impatient = await open(`${weary.address}/v1`, { timeoutMs: 50, tries: 2 });
    await expect(impatient.embed(['a'])).rejects.toThrow('local/m: no answer within 0.05 s (2 attempts)');
  });
});

describe('a server that numbers no vectors', () => {
  it('is refused by our own client, which could not tell them apart', async () => {
    const data = [{ embedding: [1] }, { embedding: [2] }];
    const embedder = await clients['of our own'](await serveText(JSON.stringify({ data })), { tries: 1 });
    await expect(embedder.embed(['a', 'b'])).rejects.toThrow('the answer holds no embeddings');
  });
});

describe('the embeddings of Ax', () => {
  it('are asked of Gemini in its own protocol, where tokens are not counted', async () => {
    const answer = JSON.stringify({ embeddings: [{ values: [1, 2] }, { values: [3, 4] }] });
    const baseUrl = await serveText(answer);
    const embedder = await clients['through Ax'](baseUrl, {
      type: 'google-gemini',
      price: { input: 1, output: 1 },
    });
    expect(await embedder.embed(['a', 'b'])).toMatchObject({
      vectors: [Float32Array.of(1, 2), Float32Array.of(3, 4)],
      inputTokens: 0,
      usd: null,
    });
  });

  it('are asked at the path of an Azure deployment', async () => {
    const server = await serve();
    const embedder = await clients['through Ax'](server.address, { type: 'azure-openai', model: 'mine' });
    await expect(embedder.embed(['a'])).rejects.toThrow(
      'no such path: POST /openai/deployments/mine/embeddings',
    );
  });

  it('are either opened and sent, or refused at once, for every provider', async () => {
    const server = await serve();
    const refused: string[] = [];
    for (const type of axProviderNames) {
      const opened = await clients['through Ax'](server.address, { type, tries: 1 }).catch(describeError);
      if (typeof opened === 'string') {
        expect(opened).toContain('offers no embeddings');
        refused.push(type);
      } else {
        const sent = await opened.embed(['a']).then(() => 'sent', describeError);
        expect(sent, type).toContain('no such path: POST');
      }
    }
    expect(refused).toEqual(['openai-responses', 'anthropic', 'deepseek-responses', 'meta', 'meta-messages']);
  });
});

describe('opening an embedding model', () => {
  const opening = (reference: string, context: Partial<EmbedderContext> = {}) =>
    openEmbedder(reference, { providers: {}, environment: {}, ...context });
  const failure = (reference: string, context: Partial<EmbedderContext> = {}) =>
    opening(reference, context).then(() => 'opened', describeError);
  const provider = (config: unknown) => providerConfigSchema.parse(config);

  it('at an own address, with its key and headers', async () => {
    const server = await serve({ apiKey: 'mine', models: ['bge/small'] });
    const local = provider({
      type: 'openai-compatible',
      baseUrl: `${server.address}/v1/`,
      apiKeyEnv: 'LOCAL_KEY',
      headers: { 'X-Team': 'search' },
      price: { input: 1, output: 0 },
    });
    const context = { providers: { local }, environment: { LOCAL_KEY: 'mine\n' } };
    const embedder = await opening('local/bge/small', context);
    expect(await embedder.embed(['12345678'])).toMatchObject({ usd: 2e-6 });
    expect(server.received[0]?.headers).toMatchObject({ 'x-team': 'search', authorization: 'Bearer mine' });
    expect(await failure('local/m', { providers: { local } })).toContain('LOCAL_KEY is not set');
  });

  it('of a known provider, under its own or another name', async () => {
    const server = await serve({ apiKey: 'k' });
    const team = provider({
      type: 'mistral',
      baseUrl: `${server.address}/v1`,
      apiKeyEnv: 'TEAM_KEY',
      timeout: 9,
    });
    const embedder = await opening('team/m', { providers: { team }, environment: { TEAM_KEY: 'k' } });
    expect((await embedder.embed(texts)).vectors).toEqual(expectedVectors);
    const ready = await opening('openai/text-embedding-3-small', { environment: { OPENAI_API_KEY: 'k' } });
    expect(ready.id).toBe('openai/text-embedding-3-small');
    expect(await failure('ollama/nomic-embed-text')).toBe('opened');
  });

  it('says what is missing or wrong, and what to do', async () => {
    expect(await failure('openai/small')).toMatch(/OPENAI_API_KEY is not set\. Set OPENAI_API_KEY/);
    expect(await failure('databricks/m', { environment: { DATABRICKS_TOKEN: 'k' } })).toContain('baseUrl');
    expect(await failure('anthropic/m', { environment: { ANTHROPIC_API_KEY: 'k' } })).toBe(
      'The provider anthropic offers no embeddings. Name another provider, as in openai/text-embedding-3-small.',
    );
    expect(await failure('openai-responses/m', { environment: { OPENAI_API_KEY: 'k' } })).toContain(
      'Write openai/',
    );
    expect(await failure('opnai/small')).toContain('Did you mean "openai"?');
    for (const reference of ['', 'small', '/m', 'openai/', '__proto__/m']) {
      await expect(opening(reference)).rejects.toMatchObject({ kind: 'input' });
    }
  });
});
