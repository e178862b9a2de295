import { z } from 'zod';

/*
 * What a custom metric's process and ours say to each other, one JSON document on a line. Requests go to its standard
 * input. It answers on a descriptor of its own, so that what the code prints is never taken for an answer.
 */

/** The descriptor of the answers. */
export const ANSWERS = 3;

/** Characters of one answer; what is longer is no score. */
export const LONGEST_ANSWER = 1_000_000;

export type ScoreRequest = { readonly id: number; readonly input: unknown };

/** Why code failed, in its own words: hostile text. */
const codeFailure = z.strictObject({
  message: z.string(),
  /** Relative to the repository. */
  file: z.string().optional(),
  line: z.int().min(1).optional(),
});

export const processMessage = z.discriminatedUnion('kind', [
  /** From here the code itself runs, and may never end. */
  z.strictObject({ kind: z.literal('loading') }),
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({ kind: z.literal('begun'), id: z.int() }),
  z.strictObject({ kind: z.literal('scored'), id: z.int(), result: z.unknown().optional() }),
  z.strictObject({ kind: z.literal('failed'), id: z.int(), failure: codeFailure }),
  /** An error that belongs to no example; the process ends with it. */
  z.strictObject({ kind: z.literal('crashed'), failure: codeFailure }),
]);

export type CodeFailure = z.output<typeof codeFailure>;
export type ProcessMessage = z.output<typeof processMessage>;
