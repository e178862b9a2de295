import { z } from 'zod';
import { parseAnswer, renderAnswer } from '../formats/codec.ts';
import { words } from '../language/words.ts';
import { answerText, textField } from './answer-text.ts';
import { compressionOf } from './compression-ratio.ts';
import type { MetricDefinition } from './definition.ts';
import type { MetricInput, Score } from './metric.ts';
import { retentionOf, retentionOptions } from './retention.ts';

const options = retentionOptions.extend({
  by: z
    .enum(['retention', 'brevity'])
    .default('retention')
    .describe(
      'What is put in relation to length: `retention`, the information kept of `source` (for compression); `brevity`, the reference answer, whatever the content (beside a metric of correctness).',
    ),
  field: textField,
});

type Options = z.output<typeof options>;

export const efficiency: MetricDefinition<Options> = {
  use: 'efficiency',
  description:
    "How little is said for what it is worth, in [0, 1], higher is better. By `retention`: the harmonic mean of information_retention and 1 - compression_ratio, so that neither dropping everything nor copying everything pays; no value where there is nothing to keep. By `brevity`: words of the reference answer, written in the prompt's output format, per word of the answer, at most 1. An empty answer scores 0.",
  options,
  create: (name, chosen) => ({
    name,
    description: efficiency.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) =>
      chosen.by === 'retention' ? scoreRetention(input, chosen) : scoreBrevity(input, chosen.field),
  }),
};

function scoreRetention(input: MetricInput, chosen: Options): Score {
  const text = answerText(input, chosen.field);
  const retained = retentionOf(text, input.example, chosen);
  if (retained === null) return { value: null, feedback: '' };
  const { kept, all, ratio } = compressionOf(text, input.example, chosen.source);
  return {
    value: harmonicMean(retained.share, 1 - ratio),
    feedback: [retained.lost, `${kept} words of ${all}`].filter((part) => part !== '').join('; '),
  };
}

function scoreBrevity({ output, parsed, format, example }: MetricInput, field: string | undefined): Score {
  const written = renderAnswer(format, example.expected);
  const reference = { output: written, parsed: parseAnswer(format, written, example.input) };
  const wanted = words(answerText(reference, field)).length;
  const given = words(answerText({ output, parsed }, field)).length;
  if (given === 0) return { value: 0, feedback: 'the answer holds no word' };
  const value = Math.min(1, wanted / given);
  return { value, feedback: value < 1 ? `${given} words, where the reference has ${wanted}` : '' };
}

function harmonicMean(a: number, b: number): number {
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}
