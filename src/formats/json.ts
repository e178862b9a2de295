import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { inputError } from '../errors.ts';
import type { OutputFormat, ParsedAnswer } from './format.ts';
import { findObject, isJsonObject, type JsonObject } from './json-span.ts';
import { EMPTY_ANSWER, quoted } from './wording.ts';

type JsonFormat = Extract<OutputFormat, { format: 'json' }>;
type Schema = NonNullable<JsonFormat['schema']>;

const PROBLEMS_SHOWN = 5;

/**
 * Strict: the trimmed answer is one JSON object that follows the schema. Tolerant: the first object in the
 * text, repaired where it is malformed.
 */
export function parseJson({ schema }: JsonFormat, text: string): ParsedAnswer {
  if (text.trim() === '') return { value: null, problems: [EMPTY_ANSWER] };
  const found = findObject(text);
  if (!found) return { value: null, problems: [`${quoted(text)} holds no JSON object`] };
  const problems: string[] = [];
  if (found.surrounded) problems.push('answer with the JSON alone, without text or a code fence around it');
  if (found.repaired) problems.push('the JSON is malformed');
  if (schema) problems.push(...violations(schema, found.value));
  return { value: found.value, problems };
}

/** The reference answer on one line, without the fields that the schema forbids. */
export function renderJson({ schema }: JsonFormat, expected: Readonly<Record<string, unknown>>): string {
  const properties = schema?.['properties'];
  if (schema?.['additionalProperties'] !== false || !isJsonObject(properties))
    return JSON.stringify(expected);
  const declared = Object.entries(expected).filter(([field]) => Object.hasOwn(properties, field));
  return JSON.stringify(Object.fromEntries(declared));
}

function violations(schema: Schema, value: JsonObject): string[] {
  const validate = validatorOf(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).slice(0, PROBLEMS_SHOWN).map(describeViolation);
}

function describeViolation({ instancePath, message, params }: ErrorObject): string {
  const place = instancePath === '' ? 'the JSON' : instancePath.slice(1);
  const extra = 'additionalProperty' in params ? ` (${quoted(String(params['additionalProperty']))})` : '';
  const allowed = 'allowedValues' in params ? `: ${String(params['allowedValues'])}` : '';
  return `${place} ${message ?? 'does not follow the schema'}${extra}${allowed}`;
}

const validators = new WeakMap<Schema, ValidateFunction>();

function validatorOf(schema: Schema): ValidateFunction {
  const known = validators.get(schema);
  if (known) return known;
  const compiled = compile(schema);
  validators.set(schema, compiled);
  return compiled;
}

/** `$schema` is left out, as ajv refuses drafts it does not know although their keywords read the same. */
function compile({ $schema: _, ...schema }: Schema): ValidateFunction {
  try {
    return new Ajv2020({ allErrors: true, strict: false, logger: false }).compile(schema);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw inputError(
      `output.schema is not a JSON Schema: ${reason}`,
      'Correct the schema in the prompt file',
    );
  }
}
