import { z } from 'zod';
import { isJsonObject } from '../formats/json-span.ts';
import { allowedLabels } from '../formats/label.ts';
import { quoted } from '../formats/wording.ts';
import { abstentionOption, readAbstention } from './abstention.ts';
import type { MetricDefinition } from './definition.ts';
import { evidenceText, sourceOption } from './evidence.ts';
import { enumerate } from './feedback.ts';
import { groundingOf } from './grounding.ts';
import type { MetricInput, Score } from './metric.ts';
import { occursIn } from './names.ts';
import { textOf } from './reference.ts';

const options = z.strictObject({
  source: sourceOption.default('text'),
  field: z
    .string()
    .min(1)
    .exactOptional()
    .describe('The list to look at. Default: every list of the answer. A text answer has one field only.'),
  abstention: abstentionOption,
});

type Options = z.output<typeof options>;

const NOTHING_PREDICTED: Score = { value: null, feedback: '' };

export const hallucinationRate: MetricDefinition<Options> = {
  use: 'hallucination_rate',
  description:
    'In [0, 1], lower is better. The share of predicted items that name something the input text does not (an entity by its name, a relationship by both ends); for a label, whether it is outside the allowed list; for a text, the share of its content words, names and numbers, and of neighbours among them, that the input does not contain; going by words alone, it put the right answer before the hallucinated one in 96% of 78 HaluEval pairs that were not used to choose the formula (the shorter answer is the right one in 92% of them). No value where nothing was predicted, so that silence does not look perfect.',
  options,
  create: (name, chosen) => ({
    name,
    description: hallucinationRate.description,
    direction: 'lower',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => {
      if (input.format.format === 'label') return scoreLabel(input);
      return input.format.format === 'text' ? scoreText(input, chosen) : scoreItems(input, chosen);
    },
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
  const text = evidenceText(example, source);
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

function scoreText({ output, example }: MetricInput, { source, abstention }: Options): Score {
  const text = evidenceText(example, source);
  const answer = readAbstention(output.trim(), abstention);
  if (answer === '') return NOTHING_PREDICTED;
  const { rate, strangers, strangePairs } = groundingOf(answer, text);
  const feedback = [
    enumerate('not in the text', strangers, quoted),
    enumerate('nowhere together in the text', strangePairs, quoted),
  ];
  return { value: rate, feedback: feedback.filter((part) => part !== '').join('; ') };
}

/** What an item claims to be in the text. */
function namesOf(item: unknown): string[] {
  const values = isJsonObject(item) ? [item['name'], item['source'], item['target']] : [item];
  return values.map(textOf).filter((name) => name !== null);
}
