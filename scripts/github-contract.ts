/**
 * Renews test/emulator/contract/ from GitHub's published OpenAPI description: the operations that the test GitHub answers, the
 * schemas they refer to, and the payloads of the events it builds. The description is 13 MB in a package of 385 MB, so it is no
 * dependency. In an empty folder: `npm pack @octokit/openapi`, unpack, and hand over `package/generated/api.github.com.json`;
 * the licence is copied from beside it.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { webhooks } from '../test/emulator/payloads.ts';
import { routes } from '../test/emulator/routes/index.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };

/** Of a schema, what says which values are sound. */
const constraints = new Set([
  '$ref',
  'type',
  'format',
  'enum',
  'properties',
  'required',
  'items',
  'additionalProperties',
  'allOf',
  'anyOf',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'maxProperties',
  'pattern',
]);
const unknownFormats = ['repo.nwo', 'timestamp'];
const folder = path.resolve(import.meta.dirname, '../test/emulator/contract');

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node scripts/github-contract.ts api.github.com.json');
const description = fieldsOf(JSON.parse(readFileSync(file, 'utf8')));
const wanted: string[] = [];

const operations = Object.fromEntries(findOperations().sort(([a], [b]) => a.localeCompare(b)));
for (const { id } of routes) if (!(id in operations)) throw new Error(`no operation is called ${id}`);
const payloads = Object.fromEntries(webhooks.map((name) => [name, payloadOf(name)]));
write('operations.json', operations);
write('webhooks.json', payloads);
write('schemas.json', reachableSchemas());
write('source.json', {
  package: '@octokit/openapi',
  version: at(description, 'info', 'version'),
  file: 'generated/api.github.com.json',
  license: 'MIT',
});
copyFileSync(path.resolve(file, '../../LICENSE'), path.join(folder, 'LICENSE'));

function findOperations(): [string, Fields][] {
  const ids = new Set<string>(routes.map(({ id }) => id));
  const found: [string, Fields][] = [];
  for (const [address, methods] of Object.entries(fieldsOf(at(description, 'paths')))) {
    for (const [method, value] of Object.entries(fieldsOf(methods))) {
      const operation = fieldsOf(value);
      const id = String(operation['operationId']);
      // The older of two ways to compare has the same name.
      if (ids.has(id) && !address.includes('{base}...'))
        found.push([id, trimmed(method, address, operation)]);
    }
  }
  return found;
}

function trimmed(method: string, address: string, operation: Fields): Fields {
  const responses = Object.entries(fieldsOf(at(operation, 'responses')));
  const body = operation['requestBody'] === undefined ? undefined : contentOf(operation['requestBody']);
  return {
    method: method.toUpperCase(),
    path: address,
    host: 'servers' in operation ? 'uploads' : 'api',
    parameters: listOf(operation['parameters'] ?? []).map((each) => parameterOf(fieldsOf(resolve(each)))),
    ...(body === undefined
      ? {}
      : { body: { required: at(operation, 'requestBody', 'required') === true, ...body } }),
    responses: Object.fromEntries(
      responses.map(([status, response]) => [status, contentOf(response) ?? null]),
    ),
  };
}

function parameterOf(parameter: Fields): Fields {
  const { name = '', required = false, schema = {} } = parameter;
  return {
    name,
    in: parameter['in'] ?? '',
    required,
    ...(parameter['x-multi-segment'] === true ? { multiSegment: true } : {}),
    schema: clean(schema),
  };
}

/** The media types and the schema of all of them; none where nothing is sent. */
function contentOf(holder: Json): Fields | undefined {
  const content = Object.entries(fieldsOf(fieldsOf(resolve(holder))['content'] ?? {}));
  if (content.length === 0) return undefined;
  const schemas = content.map(([, media]) => clean(fieldsOf(media)['schema'] ?? {}));
  return {
    types: content.map(([type]) => type),
    schema: schemas.length === 1 ? (schemas[0] ?? {}) : { anyOf: schemas },
  };
}

function payloadOf(name: string): Json {
  const hook = fieldsOf(
    at(description, 'x-webhooks', name, 'post', 'requestBody', 'content', 'application/json'),
  );
  return clean(hook['schema'] ?? {});
}

/**
 * OpenAPI 3.0 as JSON Schema: `nullable` becomes a type. `oneOf` becomes `anyOf`, because branches of the description overlap
 * (an empty list is a list of labels and a list of names).
 */
function clean(schema: Json): Json {
  if (schema === null || typeof schema !== 'object') return schema;
  if (Array.isArray(schema)) return schema.map(clean);
  const { nullable, oneOf, ...rest } = schema;
  const result: Fields = {};
  for (const [key, value] of Object.entries(oneOf === undefined ? rest : { ...rest, anyOf: oneOf })) {
    if (!constraints.has(key) || (key === 'format' && unknownFormats.includes(String(value)))) continue;
    if (key === '$ref') result[key] = wantSchema(String(value));
    else if (key === 'properties') result[key] = mapValues(fieldsOf(value), clean);
    else result[key] = key === 'enum' || key === 'required' ? value : clean(value);
  }
  return nullable === true ? orNull(result) : result;
}

function orNull(schema: Fields): Fields {
  if (typeof schema['type'] !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values =
    schema['enum'] === undefined ? {} : { enum: [...new Set([...listOf(schema['enum']), null])] };
  return { ...schema, type: [schema['type'], 'null'], ...values };
}

function wantSchema(reference: string): string {
  const name = reference.split('/').at(-1) ?? '';
  if (!wanted.includes(name)) wanted.push(name);
  return `#/schemas/${name}`;
}

function reachableSchemas(): Fields {
  const result: Fields = {};
  // `clean` adds to the list while it is walked.
  for (const name of wanted) result[name] = clean(at(description, 'components', 'schemas', name));
  return Object.fromEntries(Object.entries(result).sort(([a], [b]) => a.localeCompare(b)));
}

function resolve(value: Json): Json {
  const reference = fieldsOf(value)['$ref'];
  return typeof reference === 'string' ? at(description, ...reference.split('/').slice(1)) : value;
}

function at(value: Json, ...keys: string[]): Json {
  return keys.reduce((holder: Json, key) => fieldsOf(holder)[key] ?? null, value);
}

function fieldsOf(value: Json | undefined): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function listOf(value: Json): Json[] {
  return Array.isArray(value) ? value : [];
}

function mapValues(fields: Fields, change: (value: Json) => Json): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, change(value)]));
}

/** One entry on a line, so that a renewal shows which operations changed. */
function write(name: string, entries: Fields): void {
  const lines = Object.entries(entries).map(
    ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
  );
  writeFileSync(path.join(folder, name), `{\n${lines.join(',\n')}\n}\n`);
}
