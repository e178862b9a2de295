import { z } from 'zod';

const labels = z
  .record(z.string(), z.string())
  .describe('The right answer for each text a last message may contain.');

const answerRule = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('echo') }).describe('The last message, as it came.'),
  z.strictObject({ rule: z.literal('labels'), labels }).describe('The right answer, always.'),
  z
    .strictObject({
      rule: z.literal('skill'),
      labels,
      start: z.number().min(0).max(1).default(0.4).describe('Share of right answers without demonstrations.'),
      gain: z.number().min(0).default(0.1).describe('How fast right demonstrations raise it.'),
    })
    .describe(
      'Right more often the more right demonstrations the prompt holds; see `skilled` in answers.ts.',
    ),
]);

const failure = z.strictObject({
  kind: z.enum([
    'status',
    'cut',
    'slow',
    'hang',
    'not-json',
    'html',
    'huge',
    'wrong-shape',
    'no-usage',
    'empty',
  ]),
  contains: z.string().optional().describe('Only requests whose last message contains this.'),
  rate: z.number().min(0).max(1).default(1).describe('Share of requests, drawn by content and attempt.'),
  first: z.int().min(1).optional().describe('Only the first so many requests of the same content.'),
  status: z.int().default(500),
  message: z.string().default('scripted failure'),
  code: z.string().default('scripted'),
  retryAfter: z.string().optional().describe('The Retry-After header.'),
  delayMs: z.number().min(0).default(1000).describe('Of `slow`.'),
});

/** What a protocol server does. */
export const scriptSchema = z.strictObject({
  seed: z.int().default(1),
  latencyMs: z.number().min(0).default(0),
  answers: answerRule.default({ rule: 'echo' }),
  /** The first that applies to a request is used. */
  failures: z.array(failure).default([]),
  apiKey: z.string().optional().describe('Any other key is answered with 401.'),
  models: z.array(z.string()).optional().describe('Any other model is answered with 404.'),
});

export type ScriptInput = z.input<typeof scriptSchema>;
export type Script = z.output<typeof scriptSchema>;
export type ScriptedFailure = Script['failures'][number];
export type AnswerRule = Script['answers'];
