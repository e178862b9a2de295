import { z } from 'zod';
import type { Example } from '../datasets/dataset.ts';
import { inputError } from '../errors.ts';
import { isJsonObject } from '../formats/json-span.ts';
import { allowedLabels } from '../formats/label.ts';
import { quoted } from '../formats/wording.ts';
import type { MetricDefinition } from './definition.ts';
import { enumerate } from './feedback.ts';
import type { MetricInput, Score } from './metric.ts';
import { occursIn } from './names.ts';
import { textOf } from './reference.ts';

const options = z.strictObject({
  source: z.string().min(1).default('text').describe('The input field that names must occur in.'),
  field: z
    .string()
    .min(1)
    .exactOptional()
    .describe('The list to look at. Default: every list of the answer.'),
});

type Options = z.output<typeof options>;

const NOTHING_PREDICTED: Score = { value: null, feedback: '' };

export const hallucinationRate: MetricDefinition<Options> = {
  use: 'hallucination_rate',
  description:
    'The share of predicted items that name something the input text does not (an entity by its name, a relationship by both ends); for a label, whether it is outside the allowed list. No value where nothing was predicted, so that silence does not look perfect.',
  options,
  create: (name, chosen) => ({
    name,
    description: hallucinationRate.description,
    direction: 'lower',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => (input.format.format === 'label' ? scoreLabel(input) : scoreItems(input, chosen)),
  }),
};

/** A label outside the list is not read, so it shows as an answer without a value. */
function scoreLabel({ format, output, parsed, example }: MetricInput): Score {
  if (format.format !== 'label' || output.trim() === '' || !allowedLabels(format, example.input)) {
    return NOTHING_PREDICTED;
  }
  if (parsed.value !== null) return { value: 0, feedback: '' };
  return { value: 1, feedback: `${quoted(output)} is none of the labels` };
}

function scoreItems({ parsed, example }: MetricInput, { source, field }: Options): Score {
  const text = sourceText(example, source);
  const fields = field === undefined ? Object.values(parsed.value ?? {}) : [parsed.value?.[field]];
  const items = fields
    .filter((value) => Array.isArray(value))
    .flatMap((list: unknown[]) => list.map(namesOf));
  if (items.length === 0) return NOTHING_PREDICTED;
  const invented = items.map((names) => names.filter((name) => !occursIn(name, text)));
  const hallucinated = items.filter((names, i) => names.length === 0 || (invented[i]?.length ?? 0) > 0);
  return {
    value: hallucinated.length / items.length,
    feedback: enumerate('not in the text', [...new Set(invented.flat())], quoted),
  };
}

/** What an item claims to be in the text. */
function namesOf(item: unknown): string[] {
  const values = isJsonObject(item) ? [item['name'], item['source'], item['target']] : [item];
  return values.map(textOf).filter((name) => name !== null);
}

function sourceText(example: Example, source: string): string {
  const text = example.input[source];
  if (typeof text === 'string') return text;
  throw inputError(
    `example ${example.id}: input.${source} is not a text to look names up in`,
    `Name the input field that holds the text in the metric's option "source"`,
  );
}
