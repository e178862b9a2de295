import type { z } from 'zod';
import { inputError, type Location, type PromptlineError } from '../errors.ts';
import { knownKeys } from './known-keys.ts';
import { nearest } from './nearest.ts';

/** How validation finds the place of a value or a key; YAML and JSON Lines have one each. */
export type Places = {
  value(path: readonly PropertyKey[]): Location;
  key(parent: readonly PropertyKey[], key: string): Location;
};

/** What was validated: a value of a user's file against a schema. */
export type Validated = { readonly schema: z.ZodType; readonly value: unknown; readonly places: Places };

type Issue = z.core.$ZodIssue;

/** What a validation found, for the author of the file: at least one error for at least one issue. */
export function describeIssues(found: readonly Issue[], validated: Validated): PromptlineError[] {
  const issues = found.flatMap(openUnion);
  const slips = issues.flatMap((issue) => slipsOf(issue, validated.schema));
  // A misspelt key that must be there is one mistake, not an unknown key and a missing one.
  const meant = new Set(slips.map(({ parent, guess }) => JSON.stringify([...parent, guess])));
  const others = issues
    .filter(({ code, path }) => code !== 'unrecognized_keys' && !meant.has(JSON.stringify(path)))
    .map((issue) => describeIssue(issue, validated));
  return [...slips.map((slip) => describeSlip(slip, validated.places)), ...others];
}

/**
 * Of a union's failed branches, those that take the value's type say best what the author meant, and of them the
 * one that got furthest. The union's own issue stays where no branch takes the type.
 */
function openUnion(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const takesType = issue.errors.filter((branch) => !branch.some(isOfAnotherType));
  const depth = (branch: readonly Issue[]) => Math.max(0, ...branch.map(({ path }) => path.length));
  const meant = takesType.sort((a, b) => depth(b) - depth(a))[0];
  if (!meant) return [issue];
  return meant.flatMap((inner) => openUnion({ ...inner, path: [...issue.path, ...inner.path] }));
}

function isOfAnotherType({ code, path }: Issue): boolean {
  return code === 'invalid_type' && path.length === 0;
}

type Slip = { parent: readonly PropertyKey[]; key: string; guess: string | undefined; known: string[] };

function slipsOf(issue: Issue, schema: z.ZodType): Slip[] {
  if (issue.code !== 'unrecognized_keys') return [];
  const known = knownKeys(schema, issue.path);
  return issue.keys.map((key) => ({ parent: issue.path, key, guess: nearest(key, known), known }));
}

function describeSlip({ parent, key, guess, known }: Slip, places: Places): PromptlineError {
  const list = known.length > 0 ? `Known keys: ${known.join(', ')}` : 'Remove it';
  return inputError(
    `unknown key "${key}"`,
    guess ? `Did you mean "${guess}"?` : list,
    places.key(parent, key),
  );
}

function describeIssue(issue: Issue, { value, places }: Validated): PromptlineError {
  const { path } = issue;
  const found = valueAt(value, path);
  const choices = choicesOf(issue);
  const place = places.value(path);
  if (found === undefined && path.length > 0) {
    const hint = choices.length > 1 ? `One of: ${choices.join(', ')}` : undefined;
    return inputError(`${where(path.slice(0, -1))}"${String(path.at(-1))}" is missing`, hint, place);
  }
  if (choices.length > 0) {
    const guess = nearest(String(found), choices);
    const hint = guess ? `Did you mean "${guess}"?` : `Known: ${choices.join(', ')}`;
    return inputError(`${where(path)}${JSON.stringify(found)} is not known`, hint, place);
  }
  const types = typesOf(issue);
  if (types.length > 0) {
    const quotes = types.includes('string') && isPlainValue(found) ? 'Put it in quotes' : undefined;
    const wanted = types.map((type) => typeWords[type] ?? type).join(' or ');
    return inputError(`${where(path)}must be ${wanted}, not ${kindOf(found)}`, quotes, place);
  }
  return inputError(where(path) + (boundOf(issue) ?? issue.message), undefined, place);
}

function where(path: readonly PropertyKey[]): string {
  return path.length > 0 ? `${path.map(String).join('.')}: ` : '';
}

/** The values an enumeration, a literal or the key that tells a union's branches apart can have. */
function choicesOf(issue: Issue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
    return issue.options.map(String);
  }
  return [];
}

/** The types a value may have, as Zod names them; empty when the type was not what failed. */
function typesOf(issue: Issue): string[] {
  if (issue.code === 'invalid_type') return [issue.expected];
  if (issue.code !== 'invalid_union') return [];
  return [...new Set(issue.errors.flatMap((branch) => branch.filter(isOfAnotherType).flatMap(typesOf)))];
}

/** What a number, a length or a count had to keep to. */
function boundOf(issue: Issue): string | undefined {
  if (issue.code !== 'too_small' && issue.code !== 'too_big') return undefined;
  const { inclusive = true, origin } = issue;
  const [bound, word] =
    issue.code === 'too_small'
      ? [issue.minimum, inclusive ? 'at least' : 'more than']
      : [issue.maximum, inclusive ? 'at most' : 'less than'];
  if (origin === 'array') return `must have ${word} ${bound} items`;
  if (origin === 'string') return bound === 1 ? 'must not be empty' : `must have ${word} ${bound} characters`;
  return `must be ${word} ${bound}`;
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping (`key: value`)',
  record: 'a mapping (`key: value`)',
};

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return typeof value === 'string' ? 'a text' : String(value);
}

function isPlainValue(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (parent, step) => (parent instanceof Object ? Reflect.get(parent, step) : undefined),
    value,
  );
}
