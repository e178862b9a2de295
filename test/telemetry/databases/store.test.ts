import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { targetingKeyOf } from '../../../src/rollout/assign.ts';
import { createTally } from '../../../src/telemetry/irregularities.ts';
import { type WholeCall, wholeCalls } from '../../../src/telemetry/join/whole-calls.ts';
import { openReader } from '../../../src/telemetry/reading.ts';
import { openStore } from '../../../src/telemetry/store/read-store.ts';
import { storeSchema } from '../../../src/telemetry/store/schema.ts';
import { writeToStore } from '../../../src/telemetry/store/write-store.ts';
import { asNobody } from '../../files/as-nobody.ts';
import { refusal, scratchFolder } from '../../files/scratch.ts';
import { prompt } from '../../rollout/fixtures.ts';
import { start } from '../otlp-lines.ts';
import { comparison, minutes, window } from '../reading.ts';
import { collect } from './collected.ts';
import { callRows, insertIntoStore, schemaFile } from './event-rows.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = scratchFolder();
  file = path.join(folder, 'telemetry.db');
});

const evaluation = {
  ...{ at: start + 5000, name: 'tone', value: 0.25, label: 'cold', responseId: 'chatcmpl-1' },
  ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), prompt: 'family/name', version: '1.0.0' },
};

const read = () => collect(openStore(folder, 'telemetry.db'));
const refused = () => refusal(() => writeToStore(file, evaluation));

/** The statement by which docs/telemetry.md shows how an application writes. */
function documentedInsert(): string {
  const page = readFileSync(path.join(import.meta.dirname, '../../../docs/telemetry.md'), 'utf8');
  return /```sql\n(INSERT[^`]*)```/.exec(page)?.[1] ?? '';
}

const hasShell = spawnSync('sqlite3', ['--version']).status === 0;
if (!hasShell) console.warn('No sqlite3 here: no store is written by another SQLite than that of Node.');

describe('a store', () => {
  it('has the table that is published', () => {
    expect(schemaFile('sqlite').split('\n').slice(1).join('\n')).toBe(storeSchema);
  });

  it('that is not there yet has nothing, and is named, since its path may be mistyped', async () => {
    expect(await read()).toMatchObject({
      signals: [],
      irregular: ['1 path without files: telemetry.db'],
      cursor: {},
    });
  });

  it('is made when it is first written, and gives what was', async () => {
    writeToStore(file, evaluation);
    const { prompt, version, label, ...rest } = evaluation;
    expect((await read()).signals).toEqual([{ kind: 'score', ...rest }]);
    const row = new DatabaseSync(file).prepare('SELECT prompt, version, label FROM promptline_events').get();
    expect(row).toEqual({ prompt, version, label });
  });

  it('takes the row that the documentation inserts', async () => {
    const insert = documentedInsert();
    writeToStore(file, evaluation);
    const before = Date.now();
    new DatabaseSync(file).exec(insert);
    const { signals, irregular } = await read();
    expect(irregular).toEqual([]);
    expect(signals.slice(1)).toMatchObject([
      { kind: 'assignment', user: targetingKeyOf('user 17') },
      { kind: 'call', responseId: 'chatcmpl-123', milliseconds: 812, failed: false },
    ]);
    expect(signals[2]?.at).toBeGreaterThanOrEqual(before);
  });

  it.skipIf(!hasShell)(
    'takes that row from the SQLite of the system, which may be an older one',
    async () => {
      writeToStore(file, evaluation);
      const before = Date.now();
      execFileSync('sqlite3', [file, documentedInsert()], { stdio: 'pipe' });
      const call = (await read()).signals.find(({ kind }) => kind === 'call');
      expect(call?.at).toBeGreaterThanOrEqual(before);
      expect(call?.at).toBeLessThanOrEqual(Date.now());
    },
  );

  it('gives each call its user, without a span and a trace as well', async () => {
    writeToStore(file, evaluation);
    const insert = new DatabaseSync(file).prepare(
      `INSERT INTO promptline_events (kind, at, prompt, version, response_id, milliseconds, targeting_key)
       VALUES ('call', ?, '${prompt}', '1.1.0', ?, 812, ?)`,
    );
    for (const user of ['ada', 'bo', 'ada'])
      insert.run(start + 6000, user === 'bo' ? 'chatcmpl-1' : null, user);
    const [ada, bo] = [targetingKeyOf('ada'), targetingKeyOf('bo')];
    const [now, tally] = [start + 60 * minutes, createTally()];
    const found = wholeCalls([openStore(folder, 'telemetry.db')], {
      ...{ since: start, now, window, details: false, tally },
    });
    const whole: WholeCall[] = [];
    for await (const each of found) whole.push(each);
    expect(whole.map(({ user, scores }) => [user, scores.get('tone') ?? null])).toEqual([
      [ada, null],
      [bo, 0.25],
      [ada, null],
    ]);
    const reader = openReader([openStore(folder, 'telemetry.db')], comparison, { window, priceOf: null });
    const { observations, irregularities } = await reader.read({}, now);
    expect(new Set(observations.map(({ user }) => user))).toEqual(new Set([ada, bo]));
    expect(irregularities).toEqual([]);
  });

  it('is written beside what an application writes, in its own database too', async () => {
    new DatabaseSync(file).exec('CREATE TABLE mine (a)');
    insertIntoStore(file, callRows(1, 4000));
    writeToStore(file, evaluation);
    expect((await read()).signals).toHaveLength(4);
  });

  it('is read page by page', async () => {
    insertIntoStore(file, callRows(1, 4000).slice(0, 1));
    new DatabaseSync(file).exec(`
      WITH RECURSIVE number(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM number WHERE n < 4500)
      INSERT INTO promptline_events (kind, at, name, value) SELECT 'score', ${start} + n, 'tone', n FROM number`);
    const { signals } = await read();
    const values = signals.flatMap((signal) => (signal.kind === 'score' ? [signal.value] : []));
    expect(values).toEqual(Array.from({ length: 4500 }, (_, index) => index + 1));
  });

  it('that was made anew under the same name is read from its beginning', async () => {
    insertIntoStore(file, [...callRows(1, 4000), ...callRows(2, 9000)]);
    const { cursor } = await read();
    for (const ending of ['', '-wal', '-shm']) rmSync(`${file}${ending}`, { force: true });
    writeToStore(file, evaluation);
    expect((await collect(openStore(folder, 'telemetry.db'), cursor)).signals).toMatchObject([
      { value: 0.25 },
    ]);
  });

  it('names the rows that are malformed, and gives the others', async () => {
    insertIntoStore(file, callRows(1, 4000));
    new DatabaseSync(file).exec(`
      INSERT INTO promptline_events (kind, at) VALUES ('span', ${start}), ('call', ${start});
      INSERT INTO promptline_events (kind, at, name) VALUES ('score', ${start}, 'tone')`);
    writeToStore(file, evaluation);
    const { signals, irregular } = await read();
    expect(signals).toHaveLength(4);
    expect(irregular).toEqual([
      '2 malformed: row 4 of telemetry.db: kind is none of call, assignment and score',
      '1 without score: row 6 of telemetry.db: value is empty',
    ]);
  });

  it('gives rows with whole numbers of any size', async () => {
    const [, call = { kind: 'call', at: start }] = callRows(1, 4000);
    insertIntoStore(file, [{ ...call, input_tokens: null }]);
    new DatabaseSync(file).exec('UPDATE promptline_events SET input_tokens = 9223372036854775807');
    const { signals, irregular } = await collect(openStore(folder, 'telemetry.db'), {}, { details: true });
    expect(irregular).toEqual([]);
    expect(signals).toMatchObject([{ kind: 'call', details: { inputTokens: 2 ** 63, outputTokens: 7 } }]);
  });
});

describe('a file that is no store', () => {
  it.each<[string, () => void, string, string]>([
    [
      'is text',
      () => writeFileSync(file, 'notes, and longer than the header of a database is\n'.repeat(100)),
      'telemetry.db is not a readable store of telemetry (file is not a database). Name another file.',
      'telemetry.db: file is not a database',
    ],
    [
      'is damaged',
      () => {
        writeToStore(file, evaluation);
        writeFileSync(file, 'damage'.repeat(4000), { flag: 'r+' });
      },
      'telemetry.db is not a readable store of telemetry (file is not a database). Name another file.',
      'telemetry.db: file is not a database',
    ],
    [
      'is the database of another program',
      () => new DatabaseSync(file).exec('CREATE TABLE mine (a)'),
      'telemetry.db is a database without a table of telemetry. Name another file, or make the table with schemas/telemetry.sqlite.sql.',
      'telemetry.db: no such table: promptline_events',
    ],
    [
      'has a table of other columns',
      () => new DatabaseSync(file).exec('CREATE TABLE promptline_events (id INTEGER PRIMARY KEY, at REAL)'),
      'telemetry.db cannot be read or written (table promptline_events has no column named kind)',
      'telemetry.db: no such column: kind',
    ],
    [
      'is a folder',
      () => mkdirSync(file),
      'telemetry.db is a folder, no store of telemetry. Name another file.',
      'telemetry.db: it is a folder',
    ],
  ])('because it %s is left as it is, and named', async (_, make, unwritable, unreadable) => {
    make();
    const [line = ''] = refused();
    expect(line).toContain(unwritable);
    expect(await read()).toMatchObject({
      signals: [],
      irregular: [expect.stringContaining(`1 unreadable source: ${unreadable}`)],
    });
  });

  it('because nobody may look into its folder is not said to be missing', async () => {
    writeToStore(file, evaluation);
    chmodSync(folder, 0o600);
    const { irregular } = await asNobody(read);
    chmodSync(folder, 0o700);
    expect(irregular).toEqual([
      expect.stringMatching(/^1 unreadable source: telemetry\.db: .*permission denied/),
    ]);
  });

  it('is one whose folder cannot be made', () => {
    writeFileSync(path.join(folder, 'file'), '');
    const [line] = refusal(() => writeToStore(path.join(folder, 'file', 'telemetry.db'), evaluation));
    expect(line).toMatch(/cannot be written \(.*\)\. Name a place that can be written/);
  });
});

it('a store that another process keeps locked is named, and read on when it is free', async () => {
  writeToStore(file, evaluation);
  const other = new DatabaseSync(file);
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM promptline_events WHERE id > 99');
  expect(await read()).toMatchObject({
    signals: [],
    irregular: ['1 unreadable source: telemetry.db: database is locked'],
  });
  expect(refused()).toEqual([expect.stringContaining('stayed locked by another process')]);
  other.exec('COMMIT');
  other.close();
  expect((await read()).signals).toHaveLength(1);
});
