import { z } from 'zod';

const label = z.string().regex(/^\S(?:[^\r\n]*\S)?$/u, 'must be one line without space around it');

/** The options of `judge`. */
export const judgeOptions = z
  .strictObject({
    rubric: z.string().min(1).exactOptional().describe('What makes an answer good, for the judge to read.'),
    rubricFile: z.string().min(1).exactOptional().describe('A text file with the rubric, in place of it.'),
    choices: z
      .record(label, z.number().min(0).max(1))
      .describe(
        'The labels the judge chooses from, each with its score, as in `{good: 1, partly: .5, bad: 0}`.',
      ),
    repeats: z
      .int()
      .min(1)
      .max(20)
      .default(1)
      .describe('How often the judge is asked about one answer; the scores are averaged.'),
    inputs: z
      .array(z.string().min(1))
      .exactOptional()
      .describe('The input fields the judge is shown. Default: all.'),
    reference: z
      .string()
      .min(1)
      .exactOptional()
      .describe('The field of `expected` the judge is shown as the reference.'),
    compare: z
      .boolean()
      .default(false)
      .describe(
        'For a rubric that compares the answer with the reference. The judge is asked twice, once with either first, and the scores are averaged: judges favour what they read first or last.',
      ),
    calibration: z
      .string()
      .min(1)
      .exactOptional()
      .describe(
        'A JSON Lines file of answers that people labelled, `{input, output, expected, label}`; the judge is measured against it.',
      ),
  })
  .refine(
    ({ rubric, rubricFile }) => (rubric === undefined) !== (rubricFile === undefined),
    'give either `rubric` or `rubricFile`',
  )
  .refine(({ choices }) => new Set(Object.values(choices)).size > 1, {
    message: 'needs two labels with different scores',
    path: ['choices'],
  })
  .refine(({ compare, reference }) => !compare || reference !== undefined, {
    message: 'needs the option `reference`',
    path: ['compare'],
  });

export type JudgeOptions = z.output<typeof judgeOptions>;
