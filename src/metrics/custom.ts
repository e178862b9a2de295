import { z } from 'zod';
import { inputError, type PromptlineError } from '../errors.ts';
import { isJsonObject } from '../formats/json-span.ts';
import { shortened } from '../formats/wording.ts';
import { customMetricFiles } from './custom-files.ts';
import type { MetricDefinition } from './definition.ts';
import type { MetricInput, Score } from './metric.ts';

const options = z.strictObject({
  file: z
    .string()
    .regex(/\.m?[jt]s$/, 'must end in .ts, .mts, .js or .mjs')
    .describe(
      'The code, as a path in the repository. Its default export is a function of `{output, parsed: {value, problems}, example: {id, input, expected, tags}, completion: {latencyMs, inputTokens, outputTokens, usd}, options}` that returns a number from 0 to 1, null where the metric does not apply, or `{value, feedback}`, or a promise of these.',
    ),
  direction: z.enum(['higher', 'lower']).default('higher').describe('Which values are better.'),
  scale: z
    .enum(['binary', 'graded'])
    .default('graded')
    .describe('`binary` when each value is 0 or 1; it decides the paired test.'),
  options: z.json().exactOptional().describe('Anything, handed to the code as `options`; null without.'),
  timeout: z
    .number()
    .gt(0)
    .max(600)
    .default(10)
    .describe('Seconds for one example, and for loading the code.'),
});

type Options = z.output<typeof options>;

const LONGEST_FEEDBACK = 500;

export const custom: MetricDefinition<Options> = {
  use: 'custom',
  description:
    'What code of the repository says, in [0, 1]; `direction` says which end is better, and the code decides when it is null and what an empty or broken answer scores. Code that throws, takes too long, ends its process or gives anything else fails on that example by name and never becomes a score. It runs in a process of its own that has no environment, starts no process, writes no file and reads the repository alone, without `.git`, `.promptline`, `.env*` and symbolic links; network modules refuse, but Node 24 cannot close the network to code that is bent on it.',
  options,
  create: (name, { file, direction, scale, options: own = null, timeout }, { readText, runCustom }) => {
    const files = customMetricFiles(file, readText);
    const scorer = runCustom(file);
    return {
      name,
      description: custom.description,
      direction,
      unit: 'ratio',
      scale,
      files,
      score: async (input) => {
        const given = await scorer.score({ ...shownTo(input), options: own }, timeout * 1000);
        return readScore(given, { file, scale });
      },
    };
  },
};

/** What the code is told; its own copy, as JSON. */
function shownTo({ output, parsed, example, completion }: MetricInput) {
  const { id, input, expected, tags } = example;
  const { latencyMs, inputTokens, outputTokens, usd } = completion;
  return {
    output,
    parsed: { value: parsed.value, problems: parsed.problems },
    example: { id, input, expected, tags },
    completion: { latencyMs, inputTokens, outputTokens, usd },
  };
}

function readScore(given: unknown, { file, scale }: Pick<Options, 'file' | 'scale'>): Score {
  const { value, feedback = '' } = isJsonObject(given) ? given : { value: given };
  if (value !== null && !isShare(value)) throw unfit(file, `gave ${shown(value)}, not a number from 0 to 1`);
  if (scale === 'binary' && value !== null && value !== 0 && value !== 1) {
    throw unfit(file, `gave ${value}, which is neither 0 nor 1, and its scale is binary`);
  }
  if (typeof feedback !== 'string') throw unfit(file, `gave ${shown(feedback)} as feedback, not a text`);
  return { value, feedback: shortened(feedback, LONGEST_FEEDBACK) };
}

/** NaN fails both comparisons. */
function isShare(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function shown(value: unknown): string {
  return shortened(typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'undefined'));
}

function unfit(file: string, what: string): PromptlineError {
  return inputError(what, 'Return a number from 0 to 1, null, or {value, feedback}', { file });
}
