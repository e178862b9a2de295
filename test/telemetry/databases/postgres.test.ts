import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { stringify } from 'yaml';
import { targetingKeyOf } from '../../../src/rollout/assign.ts';
import type { Cursor } from '../../../src/rollout/observation.ts';
import { createTally } from '../../../src/telemetry/irregularities.ts';
import { openPostgres } from '../../../src/telemetry/postgres/read-postgres.ts';
import { run } from '../../e2e/in-process.ts';
import { labelRepository } from '../../e2e/label-repository.ts';
import { prompt } from '../../rollout/fixtures.ts';
import { start } from '../otlp-lines.ts';
import { minutes, window } from '../reading.ts';
import { collect } from './collected.ts';
import { itIsASource } from './contract.ts';
import { asInsert, callRows, schemaFile } from './event-rows.ts';
import { connected, hasServer, type PostgresServer, password, startPostgres } from './postgres-server.ts';

let server: PostgresServer;
let tables = 0;

const documentation = () =>
  readFileSync(path.join(import.meta.dirname, '../../../docs/telemetry.md'), 'utf8');

/** The published table under a name of its own. */
async function newTable(): Promise<string> {
  tables += 1;
  const name = `events_${tables}`;
  await server.run(schemaFile('postgres').replaceAll('promptline_events', name));
  return name;
}

if (!hasServer)
  console.warn('No server of Postgres is installed: its tests are skipped. apt-get install postgresql');

beforeAll(async () => {
  if (hasServer) server = await startPostgres();
});
afterAll(() => (hasServer ? server.close() : undefined));

describe.runIf(hasServer)('Postgres', () => {
  itIsASource(async () => {
    const table = await newTable();
    return {
      open: () => openPostgres({ urlEnv: 'DATABASE_URL', url: server.url, table }),
      write: (rows) => server.run(asInsert(table, rows)),
    };
  });
});

describe.runIf(hasServer)('rows of Postgres', () => {
  const sourceOf = (table: string, url = server.url) => openPostgres({ urlEnv: 'DATABASE_URL', url, table });
  const add = (table: string, n: number) => server.run(asInsert(table, callRows(n, n * 5000)));

  it('of a transaction that commits late are neither lost nor counted twice', async () => {
    const table = await newTable();
    const [late, later] = [await connected(server.url), await connected(server.url)];
    onTestFinished(async () => void (await Promise.all([late.end(), later.end()])));
    await late.query(`BEGIN; ${asInsert(table, callRows(1, 1000))}`);
    await later.query(`BEGIN; ${asInsert(table, callRows(2, 2000))}`);
    await add(table, 3);
    const found: (string | null)[] = [];
    let cursor: Cursor = {};
    const look = async () => {
      const { signals, ...rest } = await collect(sourceOf(table), cursor, { warm: true });
      cursor = rest.cursor;
      found.push(...signals.filter(({ kind }) => kind === 'call').map(({ spanId }) => spanId));
      return rest.irregular;
    };
    // The identity values of the open transactions are lower than those that can be seen already.
    expect(await look()).toEqual([
      expect.stringMatching(/^1 held back: .* 3 rows or more wait for the end of transaction \d+$/),
    ]);
    await later.query('COMMIT');
    await look();
    await add(table, 4);
    await look();
    await late.query('COMMIT');
    expect(await look()).toEqual([]);
    await add(table, 5);
    await look();
    expect(found).toEqual([1, 2, 3, 4, 5].map((n) => n.toString().padStart(16, '0')));
  });

  it('have the table that the documentation shows', () => {
    expect(documentation()).toContain(`\`\`\`sql\n${schemaFile('postgres')}\`\`\``);
  });

  it('are in what the command line shows', async () => {
    const table = await newTable();
    await add(table, 1);
    const { root, remove } = labelRepository('http://127.0.0.1:9', { calls: 1 });
    onTestFinished(remove);
    const telemetry = { sources: [{ type: 'postgres', urlEnv: 'DATABASE_URL', table }] };
    appendFileSync(path.join(root, 'promptline.yaml'), stringify({ telemetry }));
    const status = (environment: Record<string, string>) =>
      run(root, ['status', '--json'], { environment, now: () => start + 10 * minutes });
    const { production } = JSON.parse((await status({ DATABASE_URL: server.url })).stdout);
    expect(production.uses).toMatchObject([{ prompt, calls: 1, users: 1 }]);
    const unset = await status({});
    expect(unset.code).toBe(0);
    expect(unset.stderr).toContain('the environment has no DATABASE_URL');
  });

  it('of a transaction that is rolled back are none', async () => {
    const table = await newTable();
    await server.run(asInsert(table, callRows(1, 1000)));
    await expect(server.run(`${asInsert(table, callRows(2, 2000))} SELECT 1 / 0`)).rejects.toThrow('zero');
    await add(table, 3);
    expect((await collect(sourceOf(table))).signals).toHaveLength(6);
  });

  it('are read page by page, a whole transaction of thousands in several readings', async () => {
    const table = await newTable();
    await server.run(
      `INSERT INTO ${table} (kind, at, milliseconds) SELECT 'call', to_timestamp(${start / 1000} + n), n FROM generate_series(1, 4100) AS n`,
    );
    const first = await collect(sourceOf(table), {}, { batches: 2050 });
    const second = await collect(sourceOf(table), first.cursor, { warm: true });
    const read = [...first.signals, ...second.signals].map(
      (call) => call.kind === 'call' && call.milliseconds,
    );
    expect(first.signals).toHaveLength(2050);
    expect(read).toEqual(Array.from({ length: 4100 }, (_, index) => index + 1));
  });

  it('may come from a view as the documentation has it, in another schema, with ids of any kind', async () => {
    const [, view = ''] = /```sql\n([^`]*CREATE VIEW[^`]*)```/.exec(documentation()) ?? [];
    await server.run(`
      CREATE SCHEMA "Our Logs"; SET search_path = "Our Logs";
      CREATE TABLE answers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), created timestamptz, openai_id text, prompt_version text,
        took interval, error text, model text, prompt_tokens int, completion_tokens int, question text, text text, user_id int);
      INSERT INTO answers (created, openai_id, took, text) VALUES (to_timestamp(${start / 1000 + 1}), 'old', '2 s', 'PlayMusic');
      ${view}`);
    const source = sourceOf('Our Logs.promptline_events');
    const first = await collect(source, {}, { details: true });
    expect(first).toMatchObject({ irregular: [], signals: [{ responseId: 'old', milliseconds: 2000 }] });
    await server.run(
      `INSERT INTO "Our Logs".answers (created, openai_id, took, error, user_id, question)
       VALUES (to_timestamp(${start / 1000 + 2}), 'new', '3 s', 'timeout', 17, 'jazz?')`,
    );
    const second = await collect(source, first.cursor, { warm: true, details: true });
    expect(second.signals).toMatchObject([
      { kind: 'assignment', user: targetingKeyOf('17') },
      { responseId: 'new', milliseconds: 3000, failed: true, details: { variables: '{"query": "jazz?"}' } },
    ]);
  });

  it('come without texts where nobody asked for details: they are not even looked at', async () => {
    const table = await newTable();
    await add(table, 1);
    await server.run(`
      CREATE FUNCTION costly(text) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE 'looked at'; END $$;
      CREATE VIEW watched AS SELECT id, transaction, kind, at, trace_id, span_id, response_id, prompt, version, milliseconds,
        failed, provider, model, response_model, input_tokens, output_tokens, costly(variables::text) AS variables,
        costly(answer) AS answer, variant, generation, targeting_key, name, value FROM ${table}`);
    expect(await collect(sourceOf('watched'))).toMatchObject({ irregular: [], signals: { length: 3 } });
    expect((await collect(sourceOf('watched'), {}, { details: true })).irregular).toEqual([
      '1 unreadable source: watched of DATABASE_URL: looked at',
    ]);
  });

  it('of an older copy of the database are read anew, and those ahead of it are named', async () => {
    const table = await newTable();
    await add(table, 1);
    const { cursor } = await collect(sourceOf(table));
    const key = `postgres DATABASE_URL ${table}`;
    const ahead = cursor[key]?.replace(/after \d+/, 'after 99999999');
    expect((await collect(sourceOf(table), { [key]: `${ahead}` })).signals).toHaveLength(3);
    await server.run(`UPDATE ${table} SET transaction = '99999999'`);
    expect((await collect(sourceOf(table), cursor)).irregular).toEqual([
      expect.stringContaining('held back'),
    ]);
    // What docs/telemetry.md says to do.
    await server.run(`UPDATE ${table} SET transaction = DEFAULT`);
    expect((await collect(sourceOf(table), {})).signals).toHaveLength(3);
  });
});

describe.runIf(hasServer)('a Postgres that cannot be read', () => {
  beforeAll(async () => {
    await server.run(schemaFile('postgres'));
    await server.run(asInsert('promptline_events', callRows(1, 1000)));
    await server.run(`
      CREATE FUNCTION echo() RETURNS text LANGUAGE plpgsql STABLE AS
        $$ BEGIN RAISE 'it is ${password}, or ${encodeURIComponent(password).replaceAll('%', '%%')}'; END $$;
      CREATE VIEW echoing AS SELECT *, echo() FROM promptline_events WHERE echo() = ''`);
  });

  const readingOf = (url: string | undefined, table = 'promptline_events') =>
    collect(openPostgres({ urlEnv: 'DATABASE_URL', url, table }));
  it.each<[string, () => string | undefined, string | undefined, string]>([
    ['has no address', () => undefined, undefined, 'the environment has no DATABASE_URL'],
    ['is another one', () => `mysql://u:${password}@h/d`, undefined, 'does not begin with postgres://'],
    ['has an address that is none', () => `postgres://:${password}@[`, undefined, 'Invalid URL'],
    [
      'refuses the connection',
      () => `postgres://reader:${encodeURIComponent(password)}@127.0.0.1:1/postgres`,
      undefined,
      'connect ECONNREFUSED 127.0.0.1:1',
    ],
    [
      'refuses the password',
      () => server.url.replace(encodeURIComponent(password), 'wrong'),
      undefined,
      'password authentication failed for user "reader"',
    ],
    [
      'has no such database',
      () => server.url.replace('/postgres?', '/other?'),
      undefined,
      'database "other" does not exist',
    ],
    ['has no such table', () => server.url, 'missing', 'relation "missing" does not exist'],
    ['has no such schema', () => server.url, 'no.table', 'relation "no.table" does not exist'],
    [
      'has a name that is meant to be SQL',
      () => server.url,
      'x" ; DROP TABLE promptline_events; --',
      'relation "x" ; DROP TABLE promptline_events; --" does not exist',
    ],
    ['repeats the password', () => server.url, 'echoing', 'it is ***, or ***'],
    ['has other columns', () => server.url, 'pg_class', 'column "transaction" does not exist'],
  ])('%s is named, and nothing secret with it', async (_, url, table, reason) => {
    const found = await readingOf(url(), table);
    expect(found.signals).toEqual([]);
    expect(found.irregular).toEqual([expect.stringContaining(`1 unreadable source: `)]);
    expect(found.irregular.join()).toContain(reason);
    expect(found.irregular.join()).not.toContain(password);
    expect(found.irregular.join()).not.toContain(encodeURIComponent(password));
  });

  it('lets a statement go that takes too long, even where the server does not', async () => {
    await server.run(`
      CREATE VIEW slow AS SELECT events.* FROM promptline_events AS events, pg_sleep(600)`);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const reading = readingOf(server.url, 'slow');
    const client = await connected(server.url);
    const sleeping = "SELECT query FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    let found = '';
    while (found === '') found = String((await client.query(sleeping)).rows[0]?.query ?? '');
    await vi.advanceTimersByTimeAsync(71_000);
    expect((await reading).irregular).toEqual([
      '1 unreadable source: slow of DATABASE_URL: Query read timeout',
    ]);
    await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
    await client.end();
  });

  it('is asked for a minute at most, and to write nothing', async () => {
    await server.run(`
      CREATE VIEW settings AS SELECT id, transaction, 'score' AS kind, at, trace_id, span_id, response_id, prompt, version, milliseconds,
        failed, variant, generation, targeting_key, 0 AS value,
        current_setting('statement_timeout') || ', read-only ' || current_setting('transaction_read_only') AS name
      FROM promptline_events LIMIT 1`);
    expect((await readingOf(server.url, 'settings')).signals).toMatchObject([{ name: '1min, read-only on' }]);
  });

  it('that goes away in the middle is named, and read on when it is back', async () => {
    const rows = Array.from({ length: 1500 }, (_, n) => callRows(n, n * 2000)).flat();
    await server.run(asInsert('promptline_events', rows));
    const source = openPostgres({ urlEnv: 'DATABASE_URL', url: server.url, table: 'promptline_events' });
    const tally = createTally();
    const options = { since: start, window, now: start + 60 * minutes, warm: true, details: false, tally };
    let [cursor, count] = [{}, 0];
    for await (const batch of source.read({}, options)) {
      if (count === 0) await server.kill();
      cursor = batch.cursor;
      count += batch.signals.length;
    }
    expect(tally.list()).toMatchObject([{ kind: 'unreadable source', count: 1 }]);
    await server.start();
    const rest = await collect(source, cursor, { warm: true });
    expect(rest.irregular).toEqual([]);
    expect(count).toBeLessThan(4503);
    expect(count + rest.signals.length).toBe(4503);
  });

  it('leaves no connection behind, whether it was read to the end, given up or refused', async () => {
    await readingOf(server.url);
    await collect(
      openPostgres({ urlEnv: 'DATABASE_URL', url: server.url, table: 'promptline_events' }),
      {},
      { batches: 1 },
    );
    await readingOf(server.url, 'missing');
    const client = await connected(server.url);
    const { rows } = await client.query(
      "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'promptline'",
    );
    await client.end();
    expect(rows).toEqual([{ n: 0 }]);
  });
});
