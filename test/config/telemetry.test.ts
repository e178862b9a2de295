import { expect, it } from 'vitest';
import { telemetryConfigSchema } from '../../src/config/telemetry.ts';

/** What is wrong with a source; none where nothing is. */
function problems(source: object): readonly string[] {
  const { error } = telemetryConfigSchema.safeParse({ sources: [source] });
  return error?.issues.map(({ message }) => message) ?? [];
}

it('a database is named by a variable of the environment, and its table by default', () => {
  const source = { type: 'postgres', urlEnv: 'TELEMETRY_DATABASE_URL' };
  expect(telemetryConfigSchema.parse({ sources: [source] }).sources).toEqual([
    { ...source, table: 'promptline_events' },
  ]);
  expect(problems({ ...source, table: 'Our Logs.events' })).toEqual([]);
});

it.each([
  [{ type: 'postgres', urlEnv: 'postgres://reader:secret@host/db' }, 'not the URL itself'],
  [{ type: 'postgres', urlEnv: 'URL', table: 'database.schema.events' }, 'a schema and a name with a dot'],
  [{ type: 'postgres', urlEnv: 'URL', table: '' }, 'must be a name'],
  [{ type: 'postgres', urlEnv: 'URL', url: 'postgres://host' }, 'Unrecognized key: "url"'],
  [{ type: 'store' }, 'expected string'],
])('%j is refused', (source, said) => {
  expect(problems(source)).toEqual([expect.stringContaining(said)]);
});
