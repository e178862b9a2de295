/** One LightRAG tuple. */
export type Tuple = { kind: 'entity'; entity: Entity } | { kind: 'relation'; relationship: Relationship };

export type Entity = { name: string; type: string; description: string };
export type Relationship = { source: string; target: string; keywords: string; description: string };

/** What one line of an answer is. A line has one problem at most, however many defects it shows. */
export type TupleLine =
  | { is: 'tuple'; tuple: Tuple; problem?: string }
  | { is: 'broken tuple' }
  | { is: 'other text' };

const DELIMITER = '<|#|>';
// Marks a model leaves out or doubles: <|#>, <#|>, <|>, <#>, |#|, <||>, <|#|.
const NEAR_DELIMITER = /<?\|#+\|>?|<\|?#\|?>|<\|+>/u;
const KEYWORD = /^[\s("'*`-]*(entity|relationship|relation)\b["'*`]*\s*:?/iu;

/** A tuple as LightRAG writes it. */
export function writeTuple(tuple: Tuple): string {
  const fields =
    tuple.kind === 'entity'
      ? [tuple.entity.name, tuple.entity.type, tuple.entity.description]
      : [
          tuple.relationship.source,
          tuple.relationship.target,
          tuple.relationship.keywords,
          tuple.relationship.description,
        ];
  return [tuple.kind, ...fields].join(DELIMITER);
}

/** Reads one line; missing last fields become empty texts, fields beyond the last are dropped. */
export function readTupleLine(line: string): TupleLine {
  const keyword = KEYWORD.exec(line);
  if (!keyword) return { is: NEAR_DELIMITER.test(line) ? 'broken tuple' : 'other text' };
  const kind = keyword[1]?.toLowerCase() === 'entity' ? 'entity' : 'relation';
  const fields = fieldsAfter(line.slice(keyword[0].length));
  if (!fields) return { is: keyword[0].endsWith(':') ? 'broken tuple' : 'other text' };
  const tuple = tupleOf(kind, fields);
  if (!tuple) return { is: 'broken tuple' };
  const problem = problemOf(line, tuple, fields.length);
  return problem === undefined ? { is: 'tuple', tuple } : { is: 'tuple', tuple, problem };
}

/** The fields that follow the keyword; null when no delimiter, not even a damaged one, is there. */
function fieldsAfter(rest: string): string[] | null {
  if (!NEAR_DELIMITER.test(rest)) return null;
  const fields = rest.split(NEAR_DELIMITER).map((field) => field.trim());
  return fields[0] === '' ? fields.slice(1) : fields;
}

function tupleOf(kind: Tuple['kind'], fields: readonly string[]): Tuple | null {
  const [first = '', second = '', third = '', fourth = ''] = fields;
  if (kind === 'entity') {
    return first === '' ? null : { kind, entity: { name: first, type: second, description: third } };
  }
  if (first === '' || second === '') return null;
  return { kind, relationship: { source: first, target: second, keywords: third, description: fourth } };
}

function problemOf(line: string, tuple: Tuple, found: number): string | undefined {
  const asked = tuple.kind === 'entity' ? 3 : 4;
  if (found !== asked) {
    const names =
      tuple.kind === 'entity' ? 'name, type, description' : 'source, target, keywords, description';
    return `${tuple.kind} tuples have ${asked} fields (${names}), not ${found}`;
  }
  if (withoutPadding(line) === writeTuple(tuple)) return undefined;
  return `write ${tuple.kind} tuples as ${tuple.kind}${DELIMITER}..., with ${DELIMITER} between the fields`;
}

function withoutPadding(line: string): string {
  return line
    .split(DELIMITER)
    .map((field) => field.trim())
    .join(DELIMITER);
}
