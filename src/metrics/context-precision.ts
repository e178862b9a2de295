import { z } from 'zod';
import type { Example } from '../datasets/dataset.ts';
import { inputError } from '../errors.ts';
import { quoted } from '../formats/wording.ts';
import type { MetricDefinition } from './definition.ts';
import type { MetricInput, Score } from './metric.ts';
import { normaliseName } from './names.ts';
import { contextPrecisionOf } from './ragas.ts';
import { expectedList, textOf } from './reference.ts';

const options = z.strictObject({
  passages: z
    .string()
    .min(1)
    .default('passages')
    .describe('The field with the retrieved passages, texts or ids, best first.'),
  from: z
    .enum(['answer', 'input'])
    .default('answer')
    .describe('Where that field stands: in the answer, or in the input of the example.'),
  relevant: z
    .string()
    .min(1)
    .default('relevant')
    .describe(
      'The field of `expected` with the relevant passages, written as they are retrieved; for passages of the input also a list of true and false, one for each.',
    ),
});

type Options = z.output<typeof options>;

export const contextPrecision: MetricDefinition<Options> = {
  use: 'context_precision',
  description:
    'How far the relevant passages stand before the others: RAGAS context precision, sum(P@k v_k) / (sum(v_k) + 1e-10), in [0, 1], higher is better. It does not count relevant passages that were not retrieved. A list without a relevant passage, an empty one and an unreadable one score 0; a passage given twice counts as irrelevant the second time; no value where no passage is relevant.',
  options,
  create: (name, chosen) => ({
    name,
    description: contextPrecision.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => scorePassages(input, chosen),
  }),
};

function scorePassages(input: MetricInput, chosen: Options): Score {
  const passages = passagesOf(input, chosen);
  const relevant = expectedList(input.example, chosen.relevant);
  if (relevant.length === 0) return { value: null, feedback: '' };
  if (passages === null) {
    return { value: 0, feedback: `no list "${chosen.passages}" could be read from the answer` };
  }
  const verdicts = isVerdicts(relevant)
    ? verdictsFor(input.example, passages, relevant, chosen)
    : lookUp(passages, relevant);
  if (isVerdicts(relevant) && !relevant.includes(true)) return { value: null, feedback: '' };
  return { value: contextPrecisionOf(verdicts), feedback: describeIntruder(passages, verdicts) };
}

/** The retrieved passages; null where the answer holds no list of them. */
function passagesOf({ parsed, example }: MetricInput, { passages, from }: Options): string[] | null {
  const list = from === 'answer' ? parsed.value?.[passages] : example.input[passages];
  const texts = Array.isArray(list) ? list.map(textOf) : [null];
  if (!texts.includes(null)) return texts.filter((text) => text !== null);
  if (from === 'answer') return null;
  throw inputError(
    `example ${example.id}: input.${passages} is not a list of texts`,
    `Correct the example, or the metric's option "passages"`,
  );
}

function isVerdicts(relevant: readonly unknown[]): relevant is readonly boolean[] {
  return relevant.every((item) => typeof item === 'boolean');
}

function verdictsFor(
  example: Example,
  passages: readonly string[],
  verdicts: readonly boolean[],
  { from, relevant }: Options,
): readonly boolean[] {
  if (from === 'input' && verdicts.length === passages.length) return verdicts;
  throw inputError(
    `example ${example.id}: expected.${relevant} holds verdicts that do not belong to the passages one by one`,
    'List the relevant passages themselves, or with `from: input` true or false for each passage',
  );
}

/** Whether each passage is one of the relevant ones, in any case and spacing, and not given before. */
function lookUp(passages: readonly string[], relevant: readonly unknown[]): boolean[] {
  const wanted = new Set(
    relevant
      .map(textOf)
      .filter((text) => text !== null)
      .map(normaliseName),
  );
  return passages.map((passage) => wanted.delete(normaliseName(passage)));
}

/** The first irrelevant passage that stands before a relevant one. */
function describeIntruder(passages: readonly string[], verdicts: readonly boolean[]): string {
  if (!verdicts.includes(true)) return 'no passage is relevant';
  const at = verdicts.indexOf(false);
  const passage = passages[at];
  if (passage === undefined || !verdicts.includes(true, at)) return '';
  return `ranked above a relevant passage: ${quoted(passage)}`;
}
