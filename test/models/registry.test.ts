import { afterEach, describe, expect, it } from 'vitest';
import { describeError } from '../../src/errors.ts';
import { type ProviderConfig, providerConfigSchema } from '../../src/models/provider-config.ts';
import { type ModelContext, openModel } from '../../src/models/registry.ts';
import { type ProtocolServer, startProtocolServer } from '../protocol-server/server.ts';
import { request } from './fake-model.ts';

const servers: ProtocolServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function context(fields: Partial<ModelContext> = {}): ModelContext {
  return { providers: {}, environment: {}, cache: '/nowhere', repositoryRoot: '/nowhere', ...fields };
}

function provider(config: unknown): ProviderConfig {
  return providerConfigSchema.parse(config);
}

async function failure(reference: string, fields: Partial<ModelContext> = {}): Promise<string> {
  return openModel(reference, context(fields)).then(() => 'opened', describeError);
}

async function start(...script: Parameters<typeof startProtocolServer>) {
  const server = await startProtocolServer(...script);
  servers.push(server);
  return server;
}

describe('opening a model', () => {
  it('at an own address, with its key, headers and price', async () => {
    const server = await start({ apiKey: 'secret', models: ['qwen/7b'] });
    const local = provider({
      type: 'openai-compatible',
      baseUrl: `${server.address}/v1`,
      apiKeyEnv: 'LOCAL_KEY',
      headers: { 'x-team': 'search' },
      price: { input: 1, output: 1 },
    });
    const model = await openModel(
      'local/qwen/7b',
      context({ providers: { local }, environment: { LOCAL_KEY: 'secret\n' } }),
    );
    expect(model).toMatchObject({ id: 'local/qwen/7b', concurrency: 16 });
    await expect(model.complete(request('12345678'))).resolves.toMatchObject({ text: '12345678', usd: 4e-6 });
    expect(server.received[0]?.headers['x-team']).toBe('search');
  });

  it('of a known provider under an own name, with the concurrency asked for', async () => {
    const server = await start({ apiKey: 'mine' });
    const claude = provider({ type: 'anthropic', baseUrl: server.address, apiKeyEnv: 'TEAM_KEY' });
    const model = await openModel(
      'claude/claude-sonnet-4-5',
      context({ providers: { claude }, environment: { TEAM_KEY: 'mine' }, concurrency: 3 }),
    );
    expect(model).toMatchObject({ id: 'claude/claude-sonnet-4-5', concurrency: 3 });
    await expect(model.complete(request('hi'))).resolves.toMatchObject({ text: 'hi' });
  });

  it('of a known provider by the key in its usual variable, the second as well', async () => {
    const opened = await openModel(
      'google-gemini/gemini-2.5-flash',
      context({ environment: { GOOGLE_API_KEY: 'k' } }),
    );
    expect(opened.id).toBe('google-gemini/gemini-2.5-flash');
  });

  it('prefers the provider of the configuration to the known one of the same name', async () => {
    const server = await start({});
    const openai = provider({ type: 'openai-compatible', baseUrl: `${server.address}/v1` });
    const model = await openModel('openai/m', context({ providers: { openai } }));
    await expect(model.complete(request('hi'))).resolves.toMatchObject({ text: 'hi' });
  });

  it('gives up after the tries and the timeout of the configuration', async () => {
    const server = await start({ failures: [{ kind: 'hang' }] });
    const local = provider({
      type: 'openai-compatible',
      baseUrl: `${server.address}/v1`,
      timeout: 0.5,
      tries: 1,
    });
    const model = await openModel('local/m', context({ providers: { local } }));
    await expect(model.complete(request('hi'))).rejects.toThrow('local/m: no answer within 0.5 s');
    expect(server.stats().requests).toBe(1);
  });

  it('needs no key for a server of one’s own', async () => {
    expect(await failure('ollama/llama3')).toBe('opened');
  });

  it('says which variable holds the missing key', async () => {
    expect(await failure('openai/gpt-5-mini', { environment: { OPENAI_API_KEY: ' ' } })).toMatch(
      /^The provider openai needs a key, and OPENAI_API_KEY is not set. Set OPENAI_API_KEY in the environment/,
    );
    const local = provider({
      type: 'openai-compatible',
      baseUrl: 'http://127.0.0.1:1',
      apiKeyEnv: 'LOCAL_KEY',
    });
    expect(await failure('local/m', { providers: { local } })).toContain('LOCAL_KEY is not set');
    const team = provider({ type: 'ollama', apiKeyEnv: 'TEAM_KEY' });
    expect(await failure('team/m', { providers: { team } })).toContain('TEAM_KEY is not set');
  });

  it('asks for the address of a provider that has no common one', async () => {
    const text = await failure('databricks/m', { environment: { DATABRICKS_TOKEN: 'k' } });
    expect(text).toContain('The provider databricks has no common address');
    expect(text).toContain('type: databricks, baseUrl:');
  });

  it.each([
    ['opnai/gpt-5', 'openai'],
    ['gemini/flash', 'google-gemini'],
    ['locl/m', 'local'],
    ['embeded/tinyllama', 'embedded'],
    ['composit/careful', 'composite'],
  ])('suggests the nearest provider for %s: %s', async (reference, nearest) => {
    const local = provider({ type: 'openai-compatible', baseUrl: 'http://127.0.0.1:1' });
    const text = await failure(reference, { providers: { local } });
    expect(text).toContain(`Did you mean "${nearest}"?`);
    expect(text).toContain('type: openai-compatible, baseUrl:');
  });

  it.each(['', 'gpt-5', '/m', 'openai/', 'constructor/m', '__proto__/m'])(
    'refuses the reference "%s"',
    async (reference) => {
      await expect(openModel(reference, context())).rejects.toMatchObject({ kind: 'input' });
    },
  );
});

describe("a provider's configuration", () => {
  it.each([
    ['an unknown type', { type: 'openia' }],
    ['an unknown field', { type: 'openai', key: 'x' }],
    ['a missing address', { type: 'openai-compatible' }],
    ['an address that is none', { type: 'openai-compatible', baseUrl: 'localhost:8080' }],
    ['a password in the address', { type: 'openai-compatible', baseUrl: 'http://user:secret@host/v1' }],
    ['a key in place of its variable', { type: 'openai', apiKeyEnv: 'sk-proj-123' }],
    ['half a price', { type: 'openai', price: { input: 1 } }],
    ['a timeout longer than fetch keeps', { type: 'openai', timeout: 301 }],
    ['no tries', { type: 'openai', tries: 0 }],
  ])('refuses %s', (_, config) => {
    expect(providerConfigSchema.safeParse(config).success).toBe(false);
  });

  it('takes each field', () => {
    const shared = { apiKeyEnv: 'KEY', price: { input: 0, output: 1.5 }, timeout: 300, tries: 1 };
    for (const config of [
      { type: 'openai-compatible', baseUrl: 'https://a.test/v1', headers: { a: 'b' }, ...shared },
      { type: 'mistral', baseUrl: 'http://127.0.0.1:8080', ...shared },
    ]) {
      expect(provider(config)).toEqual(config);
    }
  });
});
