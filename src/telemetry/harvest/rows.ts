import { createHash } from 'node:crypto';
import type { Example } from '../../datasets/dataset.ts';
import { fingerprint } from '../../datasets/leaks.ts';
import type { Prompt } from '../../prompts/prompt.ts';
import type { Redact } from '../../redaction/redactor.ts';
import type { Candidate } from './candidates.ts';
import { answersAll, canBeAsked, referenceOf } from './fit.ts';

/** A row before it is chosen. */
export type Draft = {
  readonly id: string;
  readonly input: Example['input'];
  readonly expected: Example['expected'] | null;
  /** When it was asked last, milliseconds since 1970. */
  readonly lastAt: number;
  /** Who says that the reference is right; null without one. */
  readonly labelledBy: 'feedback' | 'judge' | null;
  /** Whether a call failed, or an answer broke the format. */
  readonly failed: boolean;
  readonly disliked: boolean;
  /** Pieces of personal data that were taken out, by kind. */
  readonly found: ReadonlyMap<string, number>;
};

export const harvestedTag = 'harvested';

/** `asked:2026-11`, UTC: rows of a period can be measured apart, and a month says little of whoever asked. */
export function monthTag(at: number): string {
  return `asked:${new Date(at).toISOString().slice(0, 7)}`;
}

/** What rows of one family are made by. */
export type Making = {
  readonly prompts: readonly Prompt[];
  /** Fields of inputs; what else an application recorded is left out. */
  readonly fields: readonly string[];
  readonly redact: Redact;
};

/**
 * A row without personal data; null where not every prompt of the family can be asked with it. An answer that was liked, else
 * one that the judge approved of, is its reference where no user disliked any.
 */
export function draftOf(candidate: Candidate, { prompts, fields, redact }: Making): Draft | null {
  const prompt = prompts.find(({ id }) => id === candidate.prompt);
  if (!prompt) return null;
  const recorded = Object.fromEntries(
    fields.flatMap((name) => (Object.hasOwn(candidate.input, name) ? [[name, candidate.input[name]]] : [])),
  );
  const { values, found } = redact([recorded, candidate.liked, candidate.approved, candidate.answer]);
  const input = Object.fromEntries(Object.entries(values[0] ?? {}));
  if (!canBeAsked(prompts, input)) return null;
  const read = (answer: unknown) => (typeof answer === 'string' ? referenceOf(prompt, answer, input) : null);
  const whole = (answer: unknown) => {
    const reference = candidate.disliked === 0 ? read(answer) : null;
    return reference !== null && answersAll(prompts, { input, expected: reference }) ? reference : null;
  };
  const [liked, approved] = [whole(values[1]), whole(values[2])];
  return {
    id: `harvested-${createHash('sha256').update(fingerprint({ input })).digest('hex').slice(0, 12)}`,
    input,
    expected: liked ?? approved,
    lastAt: candidate.lastAt,
    labelledBy: liked ? 'feedback' : approved ? 'judge' : null,
    failed: candidate.failures > 0 || (candidate.answer !== null && read(values[3]) === null),
    disliked: candidate.disliked > 0,
    found,
  };
}
