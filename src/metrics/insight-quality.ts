import { z } from 'zod';
import type { Example } from '../datasets/dataset.ts';
import { quoted } from '../formats/wording.ts';
import { sentences } from '../language/sentences.ts';
import type { MetricDefinition } from './definition.ts';
import { enumerate } from './feedback.ts';
import type { MetricInput, Score } from './metric.ts';
import { expectedAlternatives, textOf } from './reference.ts';
import { scoreNGrams } from './rouge-score.ts';
import { sourceText } from './source-text.ts';
import { stemsOf, type Term, termsOf } from './terms.ts';

const options = z.strictObject({
  field: z
    .string()
    .min(1)
    .default('insights')
    .describe(
      'The insights, in `expected` and in the answer: a list of texts, or a text of one sentence each.',
    ),
  source: z
    .string()
    .min(1)
    .default('document')
    .describe('The input field with the document that insights must be grounded in.'),
});

type Options = z.output<typeof options>;

type Insight = { readonly text: string; readonly terms: readonly Term[] };

const NOTHING_GIVEN: Score = { value: 0, feedback: 'no insight could be read from the answer' };

export const insightQuality: MetricDefinition<Options> = {
  use: 'insight_quality',
  description:
    'The harmonic mean of coverage and grounding of the insights, in [0, 1], higher is better. Coverage: the mean over expected insights of the F1 of content words with the closest one given. Grounding: the mean over given insights of the share of their content words and numbers that the document has. Words are compared by stem, names word by word. No insight, or none that can be read, scores 0; no value where none is expected.',
  options,
  create: (name, chosen) => ({
    name,
    description: insightQuality.description,
    direction: 'higher',
    unit: 'ratio',
    scale: 'graded',
    score: (input) => scoreInsights(input, chosen),
  }),
};

function scoreInsights({ parsed, example }: MetricInput, { field, source }: Options): Score {
  const expected = expectedInsights(example, field);
  if (expected.length === 0) return { value: null, feedback: '' };
  const document = stemsOf(sourceText(example, source));
  const given = insightsOf(parsed.value?.[field]);
  if (given.every(({ terms }) => terms.length === 0)) return NOTHING_GIVEN;
  const covered = expected.map((insight) => ({ insight, share: coverageOf(insight, given) }));
  const grounded = given.map((insight) => groundedShare(insight, document));
  return {
    value: harmonicMean(meanShare(covered), meanShare(grounded)),
    feedback: [
      enumerate(
        'expected and not fully said',
        covered.filter(({ share }) => share < 1).sort((a, b) => a.share - b.share),
        ({ insight, share }) => `${quoted(insight.text)} (${Math.round(100 * share)}% alike)`,
      ),
      enumerate('not in the document', [...new Set(grounded.flatMap(({ invented }) => invented))], quoted),
    ]
      .filter((part) => part !== '')
      .join('; '),
  };
}

// No line break of any kind before the mark: a line begins after each, so a run of them would be looked through once for each.
const LIST_MARK = /^[^\S\n\r\u2028\u2029]*(?:[-*•–]|\d{1,3}[.)])[^\S\n]+/gmu;

/** Throws an input error where there is neither a text nor a list of texts. */
function expectedInsights(example: Example, field: string): Insight[] {
  expectedAlternatives(example, field);
  return insightsOf(example.expected[field]).filter(({ terms }) => terms.length > 0);
}

/** The items of a list, or the sentences of a text. What is no text has no terms, and so no ground. */
function insightsOf(value: unknown): Insight[] {
  const texts =
    typeof value === 'string'
      ? sentences(value.replace(LIST_MARK, ''))
      : (Array.isArray(value) ? value : []).map((item: unknown) => textOf(item) ?? '');
  return texts.map((text) => ({ text, terms: termsOf(text) }));
}

/** F1 with the closest of the given insights, ROUGE-1 over terms; in [0, 1]. */
function coverageOf(insight: Insight, given: readonly Insight[]): number {
  const stems = ({ terms }: Insight) => terms.map(({ stem }) => stem);
  return given.reduce((best, other) => Math.max(best, scoreNGrams(stems(insight), stems(other), 1).f1), 0);
}

/** The share of an insight's terms that the document has, each counted once, and the others as written. */
function groundedShare(
  { terms }: Insight,
  document: ReadonlySet<string>,
): { share: number; invented: string[] } {
  const written = new Map(terms.map(({ word, stem }) => [stem, word]));
  const invented = [...written].filter(([stem]) => !document.has(stem)).map(([, word]) => word);
  return { share: written.size === 0 ? 0 : 1 - invented.length / written.size, invented };
}

function meanShare(items: readonly { readonly share: number }[]): number {
  return items.reduce((sum, { share }) => sum + share, 0) / items.length;
}

function harmonicMean(a: number, b: number): number {
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}
