import { isJsonObject } from '../formats/json-span.ts';
import { shortened } from '../formats/wording.ts';
import { normaliseName } from './names.ts';
import { textOf } from './reference.ts';

/** A relationship between two entities. */
export type Relationship = {
  /** As written, for feedback. */
  readonly written: string;
  /** The source and the target as names are compared; anything else matches nothing. */
  readonly ends: readonly string[];
  /** Its kind as kinds are compared; `''` where there is none. */
  readonly relation: string;
};

/**
 * A list item as a relationship; null where an end is missing or blank. `entityOf` gives the names of an entity one form.
 */
export function relationshipOf(item: unknown, entityOf: (name: string) => string): Relationship | null {
  if (!isJsonObject(item)) return null;
  const [source, target] = [textOf(item['source'])?.trim(), textOf(item['target'])?.trim()];
  if (!source || !target) return null;
  const relation = textOf(item['relation']) ?? '';
  const kind = relation === '' ? '' : ` (${shortened(relation)})`;
  return {
    written: `${shortened(source)} → ${shortened(target)}${kind}`,
    ends: [entityOf(source), entityOf(target)],
    relation: normaliseName(relation),
  };
}

/** A predicted item without two ends matches nothing and counts against precision. */
export function endless(item: unknown): Relationship {
  const text = JSON.stringify(item);
  return { written: shortened(text), ends: [text], relation: '' };
}
