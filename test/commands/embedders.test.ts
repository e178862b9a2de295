import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { embeddersOf } from '../../src/commands/embedders.ts';
import { metricTools } from '../../src/commands/metric-tools.ts';
import { providerConfigSchema } from '../../src/models/provider-config.ts';
import { startProtocolServer } from '../protocol-server/server.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe('the embedding models of a session', () => {
  it('are opened once each, and share one store that outlives the session', async () => {
    const server = await startProtocolServer();
    const folder = mkdtempSync(path.join(tmpdir(), 'promptline-embedders-'));
    cleanups.push(
      () => server.close(),
      () => rmSync(folder, { recursive: true }),
    );
    const local = providerConfigSchema.parse({
      type: 'openai-compatible',
      baseUrl: `${server.address}/v1`,
    });
    const start = () => {
      const embedders = embeddersOf(
        { providers: { local }, environment: {} },
        path.join(folder, 'answers.sqlite'),
      );
      cleanups.push(() => embedders.close());
      return embedders;
    };
    const first = start();
    expect(await first.embedder('local/m')).toBe(await first.embedder('local/m'));
    const { vectors } = await (await first.embedder('local/m')).embed(['red']);
    const again = await (await start().embedder('local/m')).embed(['red']);
    expect(again).toMatchObject({ vectors, cached: 1 });
    await (await first.embedder('local/other')).embed(['red']);
    expect(server.received.map(({ body }) => body['model'])).toEqual(['m', 'other']);
  });

  it('are refused by a command that asks no model', async () => {
    await expect(metricTools('.', null).embedder('openai/small')).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining('openai/small'),
    });
  });
});
