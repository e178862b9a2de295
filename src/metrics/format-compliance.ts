import { z } from 'zod';
import type { MetricDefinition } from './definition.ts';

const options = z.strictObject({});

export const formatCompliance: MetricDefinition<z.output<typeof options>> = {
  use: 'format_compliance',
  description: 'Whether the answer is exactly in the declared format.',
  options,
  create: (name) => ({
    name,
    description: formatCompliance.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'binary',
    score: ({ parsed }) => ({
      value: parsed.problems.length === 0 ? 1 : 0,
      feedback: parsed.problems.join('; '),
    }),
  }),
};
