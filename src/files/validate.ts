import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { inputError, type Location, type PromptlineError } from '../errors.ts';
import { locate, locateKey, type YamlSource, yamlValue } from './yaml-source.ts';

/** How validation finds the place of a value or a key; YAML and JSON Lines have one each. */
export type Places = {
  value(path: readonly PropertyKey[]): Location;
  key(parent: readonly PropertyKey[], key: string): Location;
};

/** Validates a YAML file against a schema; throws one PromptlineError, further ones in `also`. */
export function validateYaml<Schema extends z.ZodType>(schema: Schema, source: YamlSource): z.output<Schema> {
  return validate(schema, yamlValue(source), {
    value: (path) => locate(source, path),
    key: (parent, key) => locateKey(source, parent, key),
  });
}

/** Validates any value; `places` turns a path into a line and column. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  places: Places,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => describeIssue(issue, schema, places));
  throw combineErrors(errors);
}

/** The first error, carrying the rest. */
export function combineErrors(errors: readonly PromptlineError[]): PromptlineError {
  const [first, ...rest] = errors;
  if (!first) throw new RangeError('combineErrors needs at least one error');
  return rest.length === 0 ? first : first.withAlso(rest);
}

/** The known word nearest to `word`, when it is near enough to be a slip of the hand. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(word, known);
  return distance(word, candidate) <= Math.max(2, Math.floor(word.length / 3)) ? candidate : undefined;
}

type Issue = z.core.$ZodIssue;

function describeIssue(issue: Issue, schema: z.ZodType, places: Places): PromptlineError[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((key) =>
      inputError(`unknown key "${key}"`, keyHint(key, known), places.key(issue.path, key)),
    );
  }
  if (issue.code === 'invalid_union') {
    const deepest = deepestBranch(issue);
    if (deepest.length > 0) {
      return deepest.flatMap((inner) =>
        describeIssue({ ...inner, path: [...issue.path, ...inner.path] } as Issue, schema, places),
      );
    }
  }
  const where = issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ` : '';
  return [inputError(where + issue.message, undefined, places.value(issue.path))];
}

/** Of a union's failed branches, the one that got furthest says best what the author meant. */
function deepestBranch(issue: Extract<Issue, { code: 'invalid_union' }>): readonly Issue[] {
  const depth = (branch: readonly Issue[]) => Math.max(0, ...branch.map((inner) => inner.path.length));
  const deepest = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0];
  return deepest && depth(deepest) > 0 ? deepest : [];
}

function keyHint(key: string, known: readonly string[]): string {
  const guess = nearest(key, known);
  if (guess) return `Did you mean "${guess}"?`;
  return known.length > 0 ? `Known keys: ${known.join(', ')}` : 'Remove it';
}

type JsonSchema = {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
};

/** The keys a schema knows at a path, over all branches of a union. */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' });
  let level: JsonSchema[] = [root as JsonSchema];
  for (const step of path) level = level.flatMap(branches).flatMap((node) => descend(node, step));
  return [...new Set(level.flatMap(branches).flatMap((node) => Object.keys(node.properties ?? {})))];
}

function branches(node: JsonSchema): JsonSchema[] {
  const inner = [...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])];
  return [node, ...inner.flatMap(branches)];
}

function descend(node: JsonSchema, step: PropertyKey): JsonSchema[] {
  if (typeof step === 'number') return node.items ? [node.items] : [];
  const property = node.properties?.[String(step)];
  if (property) return [property];
  return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : [];
}
