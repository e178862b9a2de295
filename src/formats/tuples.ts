import { inputError } from '../errors.ts';
import type { ParsedAnswer } from './format.ts';
import { isJsonObject } from './json-span.ts';
import { Problems } from './problems.ts';
import { type Entity, type Relationship, readTupleLine, writeTuple } from './tuple-line.ts';
import { EMPTY_ANSWER } from './wording.ts';

const COMPLETE = '<|COMPLETE|>';
const NEAR_COMPLETE = /^\W*complete\W*$/iu;

/**
 * Strict: tuple lines only, then `<|COMPLETE|>`. Tolerant: damaged delimiters, missing fields, other text
 * and a missing end are read past; each kind of problem is named once. The value is null when no tuple could
 * be read, unless the answer ends as an empty list should and no line tried to be a tuple.
 */
export function parseTuples(text: string): ParsedAnswer {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return { value: null, problems: [EMPTY_ANSWER] };

  const entities: Entity[] = [];
  const relationships: Relationship[] = [];
  const problems = new Problems();
  let broken = false;
  for (const line of lines.filter((candidate) => !NEAR_COMPLETE.test(candidate))) {
    const read = readTupleLine(line);
    if (read.is === 'other text') problems.add('leave out text that is not a tuple', line);
    else if (read.is === 'broken tuple') {
      broken = true;
      problems.add('no tuple can be read', line);
    } else {
      if (read.problem) problems.add(read.problem, line);
      if (read.tuple.kind === 'entity') entities.push(read.tuple.entity);
      else relationships.push(read.tuple.relationship);
    }
  }
  if (lines.indexOf(COMPLETE) !== lines.length - 1) problems.add(`end with a line ${COMPLETE}`);
  const nothingRead = entities.length + relationships.length === 0;
  const answeredNone = !broken && lines.some((line) => NEAR_COMPLETE.test(line));
  const value = nothingRead && !answeredNone ? null : { entities, relationships };
  return { value, problems: problems.described() };
}

/**
 * The reference tuples, entities first. Texts an example leaves out are empty. Throws an input error when it
 * has neither entities nor relationships, or one without the names that identify it.
 */
export function renderTuples(expected: Readonly<Record<string, unknown>>): string {
  if (!Array.isArray(expected['entities']) && !Array.isArray(expected['relationships'])) {
    throw inputError(
      'expected has neither a list "entities" nor a list "relationships"',
      'Give the example one of them, empty for none',
    );
  }
  const entities = listOf(expected, 'entities').map((item) => {
    const entity = {
      name: name(item, 'name'),
      type: text(item, 'type'),
      description: text(item, 'description'),
    };
    return writeTuple({ kind: 'entity', entity });
  });
  const relations = listOf(expected, 'relationships').map((item) => {
    const ends = { source: name(item, 'source'), target: name(item, 'target') };
    const relationship = {
      ...ends,
      keywords: text(item, 'keywords'),
      description: text(item, 'description'),
    };
    return writeTuple({ kind: 'relation', relationship });
  });
  return [...entities, ...relations, COMPLETE].join('\n');
}

function listOf(expected: Readonly<Record<string, unknown>>, field: string): Record<string, unknown>[] {
  const items = expected[field] ?? [];
  if (Array.isArray(items) && items.every(isJsonObject)) return items;
  throw inputError(`expected.${field} is not a list of items with keys`, 'Correct the example');
}

function text(item: Record<string, unknown>, key: string): string {
  const value = item[key];
  return typeof value === 'string' ? value : '';
}

function name(item: Record<string, unknown>, key: string): string {
  const value = text(item, key);
  if (value.trim() !== '') return value;
  throw inputError(
    `an expected tuple has no "${key}"`,
    'Give each entity a name, each relationship its two ends',
  );
}
