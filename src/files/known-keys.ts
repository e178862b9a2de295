import { z } from 'zod';

type JsonSchema = {
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
};

/** The keys a schema knows at a path, over all branches of a union. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
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
