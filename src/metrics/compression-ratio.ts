import { z } from 'zod';
import type { Example } from '../datasets/dataset.ts';
import { inputError } from '../errors.ts';
import { words } from '../language/words.ts';
import { answerText, textField } from './answer-text.ts';
import type { MetricDefinition } from './definition.ts';
import type { MetricInput, Score } from './metric.ts';
import { sourceText } from './source-text.ts';

const options = z.strictObject({
  source: z
    .string()
    .min(1)
    .default('context')
    .describe('The input field with the text to compress, or a list of texts.'),
  field: textField,
});

type Options = z.output<typeof options>;

export const compressionRatio: MetricDefinition<Options> = {
  use: 'compression_ratio',
  description:
    'Words of the answer per word of its source, in [0, 1], lower is better; 1 for an answer as long as the source or longer. An answer without a word, or whose field cannot be read, compresses nothing and scores 1, the worst.',
  options,
  create: (name, chosen) => ({
    name,
    description: compressionRatio.description,
    direction: 'lower',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => scoreLength(input, chosen),
  }),
};

/** How many words of a source are left, and their share in (0, 1]: 1, the worst, also where none is left. */
export type Compression = { readonly kept: number; readonly all: number; readonly ratio: number };

/** Throws an input error where the example has no source, or one without words. */
export function compressionOf(answer: string, example: Example, source: string): Compression {
  const [kept, all] = [words(answer).length, words(sourceText(example, source)).length];
  if (all === 0) {
    throw inputError(`example ${example.id}: input.${source} has no words`, 'Give the example a source text');
  }
  return { kept, all, ratio: kept === 0 ? 1 : Math.min(1, kept / all) };
}

function scoreLength(input: MetricInput, { source, field }: Options): Score {
  const { kept, all, ratio } = compressionOf(answerText(input, field), input.example, source);
  if (kept === 0) return { value: ratio, feedback: 'the answer holds no word' };
  return {
    value: ratio,
    feedback: `${ratio === 1 ? 'not shorter than the source' : 'kept'}: ${kept} words of ${all}`,
  };
}
