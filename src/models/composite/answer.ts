import type { ParsedAnswer } from '../../formats/format.ts';
import { withoutTrailing } from '../../formats/wording.ts';
import type { Completion, CompletionRequest } from '../model.ts';

/** A member's answer, and how it reads; `parsed` is null where the request asks for no format. */
export type Answer = { readonly completion: Completion; readonly parsed: ParsedAnswer | null };

export function readAnswer(completion: Completion, { parse }: CompletionRequest): Answer {
  return { completion, parsed: parse ? parse(completion.text) : null };
}

/** Whether anything of the prompt's format can be read; without a format, whether there is any text. */
export function isReadable({ completion, parsed }: Answer): boolean {
  return parsed ? parsed.value !== null : completion.text.trim() !== '';
}

/** Answers that say the same, the groups and the answers in each in the order given; those that cannot be read only where none can. */
export function byMeaning(answers: readonly Answer[]): Answer[][] {
  const readable = answers.filter(isReadable);
  return [...Map.groupBy(readable.length > 0 ? readable : answers, meaningOf).values()];
}

/** Of answers that say the same, the first that is exactly in the format, or the first. */
export function clearest(group: readonly Answer[]): Answer | undefined {
  return group.find(({ parsed }) => parsed?.problems.length === 0) ?? group[0];
}

/**
 * What an answer says, equal for answers that differ in wording around it only: its value in the prompt's format, else its text.
 * Case, the kind and number of spaces, a full stop at the end of a text, and the order of a mapping's keys do not count.
 */
export function meaningOf({ completion, parsed }: Answer): string {
  const value = parsed?.value ? written(parsed.value) : null;
  return value === null ? `text ${plain(completion.text)}` : `value ${value}`;
}

/** Whether an answer, or a field of it, is a word. */
export function says({ completion, parsed }: Answer, word: string): boolean {
  const texts = [completion.text, ...Object.values(parsed?.value ?? {})];
  return texts.some((text) => typeof text === 'string' && plain(text) === plain(word));
}

/** Null for a value nested too deeply to be written, as a model that repeats an opening bracket may answer. */
function written(value: Record<string, unknown>): string | null {
  try {
    return JSON.stringify(value, (_, inner) => plainValue(inner));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'string') return plain(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function plain(text: string): string {
  return withoutTrailing(text.normalize('NFKC').replace(/\s+/gu, ' ').trim().toLowerCase(), '.');
}
