import type { Counts } from './metric.ts';

export type PrecisionRecall = { readonly precision: number; readonly recall: number; readonly f1: number };

/** How classes are joined: all items together, or the unweighted mean over classes. */
export type Average = 'micro' | 'macro';

const NOTHING: Counts = { hits: 0, predicted: 0, expected: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return { hits: a.hits + b.hits, predicted: a.predicted + b.predicted, expected: a.expected + b.expected };
}

/** Precision, recall and their harmonic mean, each in [0, 1]; a ratio without a denominator is 0. */
export function precisionRecall({ hits, predicted, expected }: Counts): PrecisionRecall {
  return {
    precision: ratio(hits, predicted),
    recall: ratio(hits, expected),
    f1: ratio(2 * hits, predicted + expected),
  };
}

/**
 * Over classes, as seqeval averages: `macro` over every class that was expected or predicted. All 0 where
 * there is no class.
 */
export function averagePrecisionRecall(
  byClass: Readonly<Record<string, Counts>>,
  average: Average,
): PrecisionRecall {
  const counts = Object.values(byClass);
  if (average === 'micro') return precisionRecall(counts.reduce(addCounts, NOTHING));
  const scores = counts.map(precisionRecall);
  const mean = (pick: (score: PrecisionRecall) => number) =>
    ratio(
      scores.reduce((sum, score) => sum + pick(score), 0),
      scores.length,
    );
  return {
    precision: mean((score) => score.precision),
    recall: mean((score) => score.recall),
    f1: mean((score) => score.f1),
  };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
