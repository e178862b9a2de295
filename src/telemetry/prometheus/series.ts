import { z } from 'zod';
import type { Tally } from '../irregularities.ts';

type Sample = {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What the counter stood at: a whole number. */
  readonly value: number;
};

export type Labels = Readonly<Record<string, string>>;

/** A counter of one process. */
export type Series = {
  /** The same for the same labels. */
  readonly key: string;
  readonly labels: Labels;
  /** By time, each later than the one before. */
  readonly samples: readonly Sample[];
};

export type SeriesOptions = {
  /** What is wrong with samples after this time is told; those before were read earlier. */
  readonly from: number;
  readonly tally: Tally;
};

const labels = z.record(z.string(), z.string());
const rangeSchema = z.object({
  metric: labels,
  values: z.array(z.unknown()).default([]),
  histograms: z.array(z.unknown()).default([]),
});
const instantSchema = z.object({ metric: labels, value: z.unknown() });

/** The series of a result of type `matrix`; what is wrong with one of them keeps nothing from the others. */
export function seriesOf(result: readonly unknown[], { from, tally }: SeriesOptions): readonly Series[] {
  const found = new Map<string, Series>();
  for (const entry of result) {
    const { data } = rangeSchema.safeParse(entry);
    const key = keyOf(data?.metric ?? {});
    if (!data) tally.add('malformed', 'a series without labels or samples');
    else if (data.histograms.length > 0) tally.add('native histogram', key);
    else if (found.has(key)) tally.add('duplicate', `the series ${key}`);
    else found.set(key, { key, labels: data.metric, samples: samplesOf(data.values, { key, from, tally }) });
  }
  return [...found.values()];
}

/** By the key of their series, the values of a result of type `vector`, with the labels of each. */
export function valuesOf(
  result: readonly unknown[],
): ReadonlyMap<string, { readonly labels: Labels; readonly value: number }> {
  return new Map(
    result.flatMap((entry) => {
      const { data } = instantSchema.safeParse(entry);
      const sample = data && sampleOf(data.value);
      return sample ? [[keyOf(data.metric), { labels: data.metric, value: sample.value }] as const] : [];
    }),
  );
}

function samplesOf(
  values: readonly unknown[],
  { key, from, tally }: SeriesOptions & { readonly key: string },
): readonly Sample[] {
  const samples: Sample[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    const at = timeOf(value);
    const sample = sampleOf(value);
    if (at === null || (sample === null && at > from)) tally.add('malformed', `a sample of ${key}`);
    else if (at <= last && at > from)
      tally.add(at === last ? 'duplicate' : 'out of order', `a sample of ${key}`);
    if (sample === null || sample.at <= last) continue;
    last = sample.at;
    samples.push(sample);
  }
  return samples;
}

function timeOf(pair: unknown): number | null {
  if (!Array.isArray(pair) || pair.length !== 2) return null;
  const [seconds]: unknown[] = pair;
  return typeof seconds === 'number' && Number.isFinite(seconds) ? Math.round(seconds * 1000) : null;
}

/** Null for what no counter of calls can stand at. */
function sampleOf(pair: unknown): Sample | null {
  const at = timeOf(pair);
  if (at === null || !Array.isArray(pair)) return null;
  const [, text]: unknown[] = pair;
  const value = typeof text === 'string' && text !== '' ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) && value >= 0 ? { at, value } : null;
}

function keyOf(given: Labels): string {
  return JSON.stringify(Object.entries(given).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
