import { isJsonObject } from '../formats/json-span.ts';
import { normaliseName } from './names.ts';
import { textOf } from './reference.ts';

/** A named thing in a list: what it covers, token by token, and its type. */
export type Mention = {
  /** As written, for feedback. */
  readonly name: string;
  /** Normalised; `''` where there is none. */
  readonly type: string;
  /** The name's normalised words (or any units that two mentions of the same thing share). */
  readonly tokens: readonly string[];
};

/** A list item as a mention: a plain text, or an item with `name` and `type`. Null when it has no name. */
export function mentionOf(item: unknown): Mention | null {
  const [name, type] = isJsonObject(item)
    ? [textOf(item['name']), textOf(item['type'])]
    : [textOf(item), null];
  if (name === null || name.trim() === '') return null;
  return { name: name.trim(), type: normaliseName(type ?? ''), tokens: normaliseName(name).split(' ') };
}
