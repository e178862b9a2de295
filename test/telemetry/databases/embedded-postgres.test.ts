import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPostgres } from '../../../src/telemetry/postgres/read-postgres.ts';
import { collect } from './collected.ts';
import { itIsASource } from './contract.ts';
import { asInsert, callRows, schemaFile } from './event-rows.ts';
import { type PostgresServer, startEmbeddedPostgres } from './postgres-server.ts';

let server: PostgresServer;
let tables = 0;

beforeAll(async () => {
  server = await startEmbeddedPostgres();
});
afterAll(() => server.close());

const sourceOf = (table: string) => openPostgres({ urlEnv: 'DATABASE_URL', url: server.url, table });

describe('Postgres as it is embedded', () => {
  itIsASource(async () => {
    tables += 1;
    const table = `events_${tables}`;
    await server.run(schemaFile('postgres').replaceAll('promptline_events', table));
    return { open: () => sourceOf(table), write: (rows) => server.run(asInsert(table, rows)) };
  });

  it('is read on when it is back', async () => {
    await server.run(schemaFile('postgres'));
    await server.run(asInsert('promptline_events', callRows(1, 1000)));
    const source = sourceOf('promptline_events');
    await server.kill();
    expect(await collect(source)).toMatchObject({
      signals: [],
      irregular: [expect.stringContaining('1 unreadable source: promptline_events of DATABASE_URL: ')],
    });
    await server.start();
    expect(await collect(source)).toMatchObject({ signals: { length: 3 }, irregular: [] });
  });
});
