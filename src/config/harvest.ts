import isSafe from 'safe-regex2';
import { z } from 'zod';

const rule = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z]\w{0,30}$/, 'Give a name of letters, digits and _')
      .describe('The kind, as reports and placeholders name it: `staff_id` is written `<STAFF_ID_1>`.'),
    pattern: z
      .string()
      .min(1)
      .refine(
        isPattern,
        'is no regular expression of JavaScript (with the flag u), or one that matches nothing at all',
      )
      .refine(
        (pattern) => !isPattern(pattern) || isSafe(pattern),
        'may be busy with some texts for ever: it repeats a repetition, or looks behind, which is not judged; write it without',
      )
      .describe('A regular expression of JavaScript; what it matches is taken out.'),
  })
  .describe('A kind of personal data of your own.');

/** `harvest:` of promptline.yaml. */
export const harvestConfigSchema = z.strictObject({
  judge: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The evaluation in telemetry by which a judge scores answers, 0 to 1. From 0.75 on an answer is taken as the reference of its row, tagged `label:judge`, where no user said anything.',
    ),
  redact: z
    .array(rule)
    .default([])
    .describe('What is taken out of rows beside the personal data that is known by itself.'),
});

/** One that matches the empty text would find nothing to take out. */
function isPattern(pattern: string): boolean {
  try {
    return !new RegExp(pattern, 'u').test('');
  } catch {
    return false;
  }
}
