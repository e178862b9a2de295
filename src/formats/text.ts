import { inputError } from '../errors.ts';
import type { OutputFormat, ParsedAnswer } from './format.ts';
import { EMPTY_ANSWER } from './wording.ts';

type TextFormat = Extract<OutputFormat, { format: 'text' }>;

/** The whole answer without surrounding white space; a blank one is no answer. */
export function parseText({ field }: TextFormat, text: string): ParsedAnswer {
  const answer = text.trim();
  if (answer === '') return { value: null, problems: [EMPTY_ANSWER] };
  return { value: { [field]: answer }, problems: [] };
}

/**
 * The reference text; of several accepted ones the first. Throws an input error when there is none or it is
 * blank: nobody could tell such an answer from a model that said nothing.
 */
export function renderText({ field }: TextFormat, expected: Readonly<Record<string, unknown>>): string {
  const reference = expected[field];
  const text = Array.isArray(reference) ? reference[0] : reference;
  if (typeof text === 'string' && text.trim() !== '') return text.trim();
  if (typeof text === 'number' || typeof text === 'boolean') return String(text);
  throw inputError(
    `expected.${field} holds no text to show as an answer`,
    'Give the example an answer, a word such as "unanswerable" where there is none',
  );
}
