import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { type Schema, undocumentedProperties } from './undocumented.ts';

type Content = { types: string[]; schema: Schema };

type Parameter = {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  multiSegment?: true;
  schema: Schema;
};

export type Operation = {
  id: string;
  method: string;
  path: string;
  /** Which of GitHub's hosts answers: `api.github.com` or `uploads.github.com`. */
  host: 'api' | 'uploads';
  parameters: Parameter[];
  body?: Content & { required: boolean };
  responses: Record<string, Content | null>;
};

/** Names and values of a path and of a query, as text. */
export type Values = Readonly<Record<string, string>>;

const read = (name: string): unknown =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, 'contract', name), 'utf8'));

let published: Contract | undefined;

/** The one contract of a process; its compiled validators are shared. */
export function publishedContract(): Contract {
  published ??= new Contract();
  return published;
}

/** GitHub's published description, as far as the emulator answers it. Validators are compiled when they are first needed. */
export class Contract {
  readonly #operations: readonly (Operation & { pattern: RegExp })[];
  readonly #schemas: Record<string, Schema>;
  readonly #webhooks: Record<string, Schema>;
  readonly #validators = new Map<string, ValidateFunction>();
  readonly #ajv = new Ajv({ strict: false, allErrors: false, coerceTypes: false });

  constructor() {
    // The package is CommonJS, and its types name the function `default`.
    addFormats.default(this.#ajv);
    this.#schemas = read('schemas.json') as Record<string, Schema>;
    this.#webhooks = read('webhooks.json') as Record<string, Schema>;
    this.#ajv.addSchema({ $id: 'github', schemas: this.#schemas });
    const operations = Object.entries(read('operations.json') as Record<string, Omit<Operation, 'id'>>);
    this.#operations = operations
      .map(([id, operation]) => ({ id, ...operation, pattern: patternOf(operation) }))
      .sort((a, b) => a.path.split('{').length - b.path.split('{').length || b.path.length - a.path.length);
  }

  get ids(): string[] {
    return this.#operations.map(({ id }) => id);
  }

  /** The operation of a request, with what its path says; undefined for one that is not documented. */
  find(
    host: Operation['host'],
    method: string,
    pathname: string,
  ): { operation: Operation; path: Values } | undefined {
    for (const operation of this.#operations) {
      if (operation.host !== host || operation.method !== method) continue;
      const match = operation.pattern.exec(pathname);
      if (match) return { operation, path: decodeAll(match.groups ?? {}) };
    }
    return undefined;
  }

  /** What is wrong with the parts of a request, one text for each mistake. */
  checkRequest(operation: Operation, path: Values, query: Values, body: unknown): string[] {
    const given: Record<Parameter['in'], Values> = { path, query, header: {} };
    const problems = operation.parameters.flatMap((parameter) => {
      const value = given[parameter.in][parameter.name];
      if (value === undefined) return parameter.required ? [`${parameter.name}: is required`] : [];
      return this.#check(
        `${operation.id} ${parameter.name}`,
        parameter.schema,
        fromText(value, parameter.schema),
      );
    });
    const known = operation.parameters.filter((each) => each.in === 'query').map(({ name }) => name);
    for (const name of Object.keys(query)) {
      if (!known.includes(name)) problems.push(`${name}: is no documented query parameter`);
    }
    return [...problems, ...this.#checkBody(operation, body)];
  }

  /** What is wrong with an answer; nothing for a status of which the description does not say more. */
  checkResponse(operation: Operation, status: number, body: unknown): string[] {
    const content = operation.responses[String(status)];
    if (content === undefined) return status < 400 ? [`answers ${status}, which is not documented`] : [];
    if (content === null)
      return body === undefined || status === 422 ? [] : ['sends a body where none is documented'];
    return this.#check(`${operation.id} ${status}`, content.schema, body);
  }

  /** What is wrong with the payload of a webhook event, by the description's name, as `pull-request-opened`. */
  checkPayload(name: string, payload: unknown): string[] {
    const schema = this.#webhooks[name];
    return schema === undefined
      ? [`no webhook is called ${name}`]
      : this.#check(`webhook ${name}`, schema, payload);
  }

  #checkBody({ id, body: content }: Operation, body: unknown): string[] {
    if (body === undefined) return content?.required === true ? ['the body is required'] : [];
    if (content === undefined) return ['a body is not documented'];
    // Files are sent as they are.
    return content.types.includes('application/json') ? this.#check(`${id} body`, content.schema, body) : [];
  }

  #check(name: string, schema: Schema, value: unknown): string[] {
    const validate = this.#validator(name, schema);
    if (!validate(value)) return (validate.errors ?? []).map((error) => describe(name, error));
    const resolve = (reference: string): Schema => this.#schemas[reference.split('/').at(-1) ?? ''] ?? {};
    return undocumentedProperties(value, [schema], resolve).map(
      (place) => `${name}${place}: is not documented`,
    );
  }

  #validator(name: string, schema: Schema): ValidateFunction {
    const compiled = this.#validators.get(name) ?? this.#ajv.compile(toGithub(schema) as Schema);
    this.#validators.set(name, compiled);
    return compiled;
  }
}

/** References of an operation's schema point into the document of all schemas. */
function toGithub(schema: unknown): unknown {
  if (schema === null || typeof schema !== 'object') return schema;
  if (Array.isArray(schema)) return schema.map(toGithub);
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? `github${value}` : toGithub(value),
    ]),
  );
}

function describe(name: string, { instancePath, message, params }: ErrorObject): string {
  return `${name}${instancePath}: ${message} ${JSON.stringify(params)}`;
}

function patternOf({ path: template, parameters }: Omit<Operation, 'id'>): RegExp {
  const pattern = template.replaceAll(/\/\{(\w+)\}/g, (_, name: string) => {
    // The root of a repository is an empty path, of which clients leave the slash out.
    if (name === 'path') return '(?:/(?<path>.*))?';
    const many = parameters.find((each) => each.name === name)?.multiSegment;
    return `/(?<${name}>${many ? '.+' : '[^/]+'})`;
  });
  return new RegExp(`^${pattern}$`);
}

function decodeAll(groups: Record<string, string | undefined>): Values {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value = '']) => [name, decodeURIComponent(value)]),
  );
}

/** Text of an address as the value its schema wants. */
function fromText(text: string, schema: Schema): unknown {
  const types = [schema, ...(schema.anyOf ?? [])].flatMap(({ type }) => type ?? []);
  if ((types.includes('integer') || types.includes('number')) && /^-?\d+$/.test(text)) return Number(text);
  if (types.includes('boolean') && /^(true|false)$/.test(text)) return text === 'true';
  return text;
}
