import { z } from 'zod';
import type { Example } from '../datasets/dataset.ts';
import { inputError } from '../errors.ts';
import { isJsonObject } from '../formats/json-span.ts';
import { entityNames } from './entity-names.ts';
import { expectedList, textOf } from './reference.ts';
import { type Relationship, relationshipOf } from './relationship.ts';

export type RelationshipReference = {
  readonly relationships: readonly Relationship[];
  /** The form under which an entity is compared. */
  readonly entityOf: (name: string) => string;
};

/**
 * The relationships in an example's `expected`, and the names of their entities. Throws an input error that names the
 * example where one lacks an end or the aliases are no table of names.
 */
export function expectedRelationships(
  example: Example,
  field: string,
  aliases: string,
): RelationshipReference {
  const items = expectedList(example, field);
  const own = items.filter(isJsonObject).flatMap(({ source, target }) => [textOf(source), textOf(target)]);
  const entityOf = entityNames(
    own.filter((name) => name !== null),
    expectedAliases(example, aliases),
  );
  const relationships = items.map((item) => {
    const relationship = relationshipOf(item, entityOf);
    if (relationship) return relationship;
    throw inputError(
      `example ${example.id}: an item of expected.${field} lacks an end`,
      'Give each relationship a "source" and a "target"',
    );
  });
  return { relationships, entityOf };
}

const aliasTable = z.record(z.string(), z.array(z.string()));

function expectedAliases(example: Example, field: string): z.output<typeof aliasTable> {
  const { success, data } = aliasTable.safeParse(example.expected[field] ?? {});
  if (success) return data;
  throw inputError(
    `example ${example.id}: expected.${field} is no table of names`,
    'Write it as {name: [other names]}',
  );
}
