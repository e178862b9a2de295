import { jsonrepair } from 'jsonrepair';
import { DEEPEST, isDeeperThan } from '../files/nesting.ts';
import { withoutTrailing } from './wording.ts';

export type JsonObject = Record<string, unknown>;

/** A JSON object found in text, and what had to be forgiven to read it. */
export type FoundObject = { value: JsonObject; surrounded: boolean; repaired: boolean };

// Prose may hold a brace before the JSON; a text that goes on like that is not an answer in JSON.
const ATTEMPTS = 5;

/** The first JSON object in a text, repaired when it is malformed or cut off; null when there is none. */
export function findObject(text: string): FoundObject | null {
  let from = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const start = text.slice(from).search(/[{[]/u);
    if (start < 0) return null;
    const span = spanAt(text, from + start);
    const read = readObject(span.text);
    if (read) return { ...read, surrounded: span.text.length < text.trim().length };
    from = span.closed ? span.start + span.text.length : span.start + 1;
  }
  return null;
}

/** Whether a value is a JSON object, neither a list nor null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** From an opening bracket to the one that closes it, or to the end of the text. */
function spanAt(text: string, start: number): { text: string; start: number; closed: boolean } {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      depth--;
      if (depth === 0) return { text: text.slice(start, i + 1), start, closed: true };
    }
  }
  return { text: withoutTrailing(text.slice(start), ' \t\r\n`'), start, closed: false };
}

function readObject(span: string): { value: JsonObject; repaired: boolean } | null {
  const exact = parse(span, (text) => text);
  if (exact !== undefined) return isJsonObject(exact) ? { value: exact, repaired: false } : null;
  const mended = parse(span, jsonrepair);
  return isJsonObject(mended) ? { value: mended, repaired: true } : null;
}

/** The value, or undefined when it cannot be read. Nesting deep enough to end the stack of who takes it on is unreadable too. */
function parse(text: string, prepare: (text: string) => string): unknown {
  try {
    const value: unknown = JSON.parse(prepare(text));
    return isDeeperThan(value, DEEPEST) ? undefined : value;
  } catch {
    return undefined;
  }
}
