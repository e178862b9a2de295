export type Schema = {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
};

/**
 * Places of properties that no schema documents. JSON Schema allows them wherever a description leaves `additionalProperties`
 * out, and GitHub's does; a client that sends or reads one is wrong all the same.
 * @param resolve the schema behind a `$ref`
 */
export function undocumentedProperties(
  value: unknown,
  schemas: readonly Schema[],
  resolve: (reference: string) => Schema,
  place = '',
): string[] {
  const known = schemas.flatMap((schema) => branchesOf(schema, resolve));
  if (Array.isArray(value)) {
    const items = known.flatMap((schema) => schema.items ?? []);
    return value.flatMap((item, index) => undocumentedProperties(item, items, resolve, `${place}/${index}`));
  }
  if (value === null || typeof value !== 'object' || known.some(isOpen)) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const documented = known.flatMap(({ properties }) => properties?.[name] ?? []);
    const here = `${place}/${name}`;
    return documented.length === 0 ? [here] : undocumentedProperties(child, documented, resolve, here);
  });
}

/** A schema with everything it is composed of. */
function branchesOf(schema: Schema, resolve: (reference: string) => Schema): Schema[] {
  if (schema.$ref !== undefined) return branchesOf(resolve(schema.$ref), resolve);
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? [])];
  return [schema, ...parts.flatMap((part) => branchesOf(part, resolve))];
}

/** Documented to hold any property: by a schema that names none. */
function isOpen({ type, properties, additionalProperties, items, allOf, anyOf }: Schema): boolean {
  const composed = allOf !== undefined || anyOf !== undefined;
  if (properties !== undefined || additionalProperties === false || items !== undefined || composed)
    return false;
  return type === undefined || type === 'object' || type.includes('object');
}
