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
  /** Whether a call failed, or an answer broke the format. */
  readonly failed: boolean;
  readonly disliked: boolean;
  /** Pieces of personal data that were taken out, by kind. */
  readonly found: ReadonlyMap<string, number>;
};

export const harvestedTag = 'harvested';

/** What rows of one family are made by. */
export type Making = {
  readonly prompts: readonly Prompt[];
  /** Fields of inputs; what else an application recorded is left out. */
  readonly fields: readonly string[];
  readonly redact: Redact;
};

/**
 * A row without personal data; null where not every prompt of the family can be asked with it. An answer that was liked, and by nobody
 * disliked, is its reference.
 */
export function draftOf(candidate: Candidate, { prompts, fields, redact }: Making): Draft | null {
  const prompt = prompts.find(({ id }) => id === candidate.prompt);
  if (!prompt) return null;
  const recorded = Object.fromEntries(
    fields.flatMap((name) => (Object.hasOwn(candidate.input, name) ? [[name, candidate.input[name]]] : [])),
  );
  const { values, found } = redact([recorded, candidate.liked, candidate.answer]);
  const input = Object.fromEntries(Object.entries(values[0] ?? {}));
  if (!canBeAsked(prompts, input)) return null;
  const read = (answer: unknown) => (typeof answer === 'string' ? referenceOf(prompt, answer, input) : null);
  const reference = candidate.disliked === 0 ? read(values[1]) : null;
  return {
    id: `harvested-${createHash('sha256').update(fingerprint({ input })).digest('hex').slice(0, 12)}`,
    input,
    expected: reference !== null && answersAll(prompts, { input, expected: reference }) ? reference : null,
    failed: candidate.failures > 0 || (candidate.answer !== null && read(values[2]) === null),
    disliked: candidate.disliked > 0,
    found,
  };
}
