import type { z } from 'zod';
import { answerText, textField } from './answer-text.ts';
import type { MetricDefinition } from './definition.ts';
import { retentionOf, retentionOptions } from './retention.ts';

const options = retentionOptions.extend({ field: textField });

type Options = z.output<typeof options>;

export const informationRetention: MetricDefinition<Options> = {
  use: 'information_retention',
  description:
    'What a shortened text keeps, in [0, 1], higher is better: the mean of the expected answer (1 when it still stands there, as SQuAD compares, else 0) and the expected facts (the mean share of their content words, by stem), as far as the example has them; where it has neither, the share of the names and numbers of its source. An empty answer, or one whose field cannot be read, scores 0; no value where there is nothing to keep.',
  options,
  create: (name, chosen) => ({
    name,
    description: informationRetention.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => {
      const kept = retentionOf(answerText(input, chosen.field), input.example, chosen);
      return { value: kept?.share ?? null, feedback: kept?.lost ?? '' };
    },
  }),
};
