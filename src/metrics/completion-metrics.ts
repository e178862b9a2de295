import { z } from 'zod';
import type { MetricDefinition } from './definition.ts';
import type { Metric, MetricInput } from './metric.ts';

const options = z.strictObject({});

/** A metric that reads a number off the completion; lower is better. */
function ofCompletion(
  use: string,
  description: string,
  unit: Metric['unit'],
  read: (completion: MetricInput['completion']) => number | null,
): MetricDefinition<z.output<typeof options>> {
  return {
    use,
    description,
    options,
    create: (name) => ({
      name,
      description,
      direction: 'lower',
      unit,
      scale: 'graded',
      score: ({ completion }) => ({ value: read(completion), feedback: '' }),
    }),
  };
}

export const latency = ofCompletion(
  'latency',
  'Milliseconds the answer took; for a stored answer, those it took when it was made.',
  'ms',
  ({ latencyMs }) => latencyMs,
);

export const tokens = ofCompletion(
  'tokens',
  'Tokens of the prompt and the answer together.',
  'tokens',
  ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
);

export const cost = ofCompletion(
  'cost',
  'US dollars for the call; no value where the price is not known.',
  'usd',
  ({ usd }) => usd,
);
