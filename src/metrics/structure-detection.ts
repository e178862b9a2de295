import { z } from 'zod';
import { inputError } from '../errors.ts';
import { isJsonObject } from '../formats/json-span.ts';
import { quoted } from '../formats/wording.ts';
import type { MetricDefinition } from './definition.ts';
import { enumerate } from './feedback.ts';
import type { Counts, MetricInput, Score } from './metric.ts';
import { normaliseName } from './names.ts';
import { addCounts, averagePrecisionRecall } from './precision-recall.ts';
import { expectedList, textOf } from './reference.ts';

const options = z.strictObject({
  field: z
    .string()
    .min(1)
    .default('structure')
    .describe(
      'The list of labels, one for each sentence in its order, in `expected` and in the answer: texts, or items with `label`.',
    ),
  average: z
    .enum(['accuracy', 'macro_f1'])
    .default('accuracy')
    .describe('`accuracy`: the share of right labels. `macro_f1`: the mean over labels of their F1.'),
});

type Options = z.output<typeof options>;

/** The labels of one sentence, normalised; null where its list is too short. */
type Position = { readonly expected: string | null; readonly predicted: string | null };

// Counts of positions that one of the lists does not have.
const NO_LABEL = '';

export const structureDetection: MetricDefinition<Options> = {
  use: 'structure_detection',
  description:
    'Whether each sentence has the right label, in any case; in [0, 1], higher is better, over a dataset all sentences together. A label too few or too many is an error. An answer without a readable list scores 0; no value where no sentence is expected.',
  options,
  create: (name, { field, average }) => ({
    name,
    description: structureDetection.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => scoreLabels(input, field, average),
    pool: (counts) => averageOf(counts, average),
  }),
};

function scoreLabels({ parsed, example }: MetricInput, field: string, average: Options['average']): Score {
  const expected = expectedList(example, field).map((item) => labelOf(item) ?? fail(example.id, field));
  if (expected.length === 0) return { value: null, feedback: '' };
  const items = parsed.value?.[field];
  const predicted = Array.isArray(items) ? items.map((item: unknown) => labelOf(item) ?? NO_LABEL) : [];
  const positions = Array.from({ length: Math.max(expected.length, predicted.length) }, (_, index) => ({
    expected: expected[index] ?? null,
    predicted: predicted[index] ?? null,
  }));
  const counts = countByLabel(positions);
  const feedback = Array.isArray(items)
    ? describeErrors(positions, expected.length, predicted.length)
    : `no list "${field}" could be read from the answer`;
  return { value: averageOf(counts, average), counts, feedback };
}

/** A label as labels are compared; null where an item has none. */
function labelOf(item: unknown): string | null {
  const label = normaliseName(textOf(isJsonObject(item) ? item['label'] : item) ?? '');
  return label === '' ? null : label;
}

function fail(example: string, field: string): never {
  throw inputError(
    `example ${example}: an item of expected.${field} has no label`,
    'Make each item a text, or give it a "label"',
  );
}

/** Each position counts once as expected and once as predicted, so that accuracy is the micro average. */
function countByLabel(positions: readonly Position[]): Record<string, Counts> {
  const counts = new Map<string, Counts>();
  const add = (label: string | null, count: Counts) => {
    const before = counts.get(label ?? NO_LABEL) ?? { hits: 0, predicted: 0, expected: 0 };
    counts.set(label ?? NO_LABEL, addCounts(before, count));
  };
  for (const { expected, predicted } of positions) {
    add(expected, { hits: expected === predicted ? 1 : 0, predicted: 0, expected: 1 });
    add(predicted, { hits: 0, predicted: 1, expected: 0 });
  }
  return Object.fromEntries(counts);
}

function averageOf(counts: Readonly<Record<string, Counts>>, average: Options['average']): number {
  if (average === 'accuracy') return averagePrecisionRecall(counts, 'micro').recall;
  const { [NO_LABEL]: _, ...byLabel } = counts;
  return averagePrecisionRecall(byLabel, 'macro').f1;
}

function describeErrors(positions: readonly Position[], expected: number, predicted: number): string {
  const wrong = positions
    .map((position, index) => ({ ...position, sentence: index + 1 }))
    .filter((position) => position.expected !== null && position.predicted !== null)
    .filter((position) => position.expected !== position.predicted);
  return [
    expected === predicted ? '' : `labels given: ${predicted}, sentences: ${expected}`,
    enumerate('wrong labels', wrong, (position) => {
      return `sentence ${position.sentence} is ${quoted(position.expected ?? '')}, not ${quoted(position.predicted ?? '')}`;
    }),
  ]
    .filter((part) => part !== '')
    .join('; ');
}
