import { z } from 'zod';
import { quoted } from '../formats/wording.ts';
import type { MetricDefinition } from './definition.ts';
import { expectedText, textOf } from './reference.ts';

const options = z.strictObject({ field: z.string().min(1).describe('The field that holds the label.') });

type Options = z.output<typeof options>;

export const labelAccuracy: MetricDefinition<Options> = {
  use: 'label_accuracy',
  description:
    'Whether the label is the right one, in any case. An answer without a readable label scores 0.',
  options,
  create: (name, { field }) => ({
    name,
    description: labelAccuracy.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'binary',
    score: ({ parsed, example, output }) => {
      const expected = expectedText(example, field);
      const label = textOf(parsed.value?.[field]);
      if (label !== null && fold(label) === fold(expected)) return { value: 1, feedback: '' };
      const given =
        label === null ? `no label could be read from ${quoted(output)}` : `answered ${quoted(label)}`;
      return { value: 0, feedback: `${given}, should be ${quoted(expected)}` };
    },
  }),
};

function fold(label: string): string {
  return label.normalize('NFC').trim().toLowerCase();
}
