import { inputError } from '../errors.ts';
import type { Message } from './prompt.ts';

/** `{{name}}`: a plain name, no logic, so that any reader in any language fills it the same way. */
const placeholder = /\{\{\s*([A-Za-z_][\w-]*)\s*\}\}/g;

/** The names of the placeholders of a text, in order of first use. */
export function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(placeholder)].map((match) => match[1] ?? ''))];
}

/** The names of the placeholders of all messages. */
export function messagePlaceholders(messages: readonly Message[]): string[] {
  return [...new Set(messages.flatMap((message) => placeholders(message.content)))];
}

/**
 * Fills a text's placeholders from an example's input in one pass, so that braces inside the data stay data.
 * Throws inputError for a missing variable or one that is not text.
 */
export function fill(text: string, input: Readonly<Record<string, unknown>>): string {
  return text.replace(placeholder, (_, name: string) => textOf(name, input));
}

/** The exact messages to send for one input. */
export function renderMessages(
  messages: readonly Message[],
  input: Readonly<Record<string, unknown>>,
): Message[] {
  return messages.map((message) => ({ role: message.role, content: fill(message.content, input) }));
}

/** Text with no placeholder in it: braces that came from data are told apart from the template's own. */
export function literal(text: string): boolean {
  return placeholders(text).length === 0;
}

function textOf(name: string, input: Readonly<Record<string, unknown>>): string {
  const value = Object.hasOwn(input, name) ? input[name] : undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === undefined || value === null) {
    const given = Object.keys(input).join(', ') || 'nothing';
    throw inputError(`placeholder {{${name}}} has no input`, `The example gives: ${given}`);
  }
  const kind = Array.isArray(value) ? 'a list' : 'an object';
  throw inputError(
    `placeholder {{${name}}} needs text and the input is ${kind}`,
    'Write it out as text in the dataset',
  );
}
