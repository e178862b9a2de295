import { z } from 'zod';
import { normaliseAnswer } from './squad.ts';

/** The option that names the word a prompt answers with where there is no answer. */
export const abstentionOption = z
  .string()
  .refine((word) => normaliseAnswer(word) !== '', 'must be a word')
  .exactOptional()
  .describe(
    'The word, such as `unanswerable`, that counts as the empty answer, in the answer and in `expected`. Without it abstaining cannot be told from any other answer.',
  );

/** The empty answer for the word that stands for giving none, in any case; any other text as it is. */
export function readAbstention(text: string, abstention: string | undefined): string {
  const abstains = abstention !== undefined && normaliseAnswer(text) === normaliseAnswer(abstention);
  return abstains ? '' : text;
}
