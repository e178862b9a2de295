import type { z } from 'zod';
import type { PromptlineError } from '../errors.ts';
import { describeIssues, type Places } from './issues.ts';
import { locate, locateKey, type YamlSource, yamlValue } from './yaml-source.ts';

export { nearest } from './nearest.ts';

/** Validates a YAML file against a schema; throws one PromptlineError, further ones in `also`. */
export function validateYaml<Schema extends z.ZodType>(schema: Schema, source: YamlSource): z.output<Schema> {
  return validate(schema, yamlValue(source), yamlPlaces(source));
}

/** Places in a YAML file; with `base`, of paths that start there. */
export function yamlPlaces(source: YamlSource, base: readonly PropertyKey[] = []): Places {
  return {
    value: (path) => locate(source, [...base, ...path]),
    key: (parent, key) => locateKey(source, [...base, ...parent], key),
  };
}

/** Validates any value; `places` turns a path into a line and column. */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  places: Places,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw combineErrors(describeIssues(result.error.issues, { schema, value, places }));
}

/** The first error, carrying the rest. */
export function combineErrors(errors: readonly PromptlineError[]): PromptlineError {
  const [first, ...rest] = errors;
  if (!first) throw new RangeError('combineErrors needs at least one error');
  return rest.length === 0 ? first : first.withAlso(rest);
}
