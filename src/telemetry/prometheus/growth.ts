import type { Series } from './series.ts';

/** What was known of series before those that were read. */
export type History = {
  /** By the key of a series, its last value. */
  readonly values: ReadonlyMap<string, number>;
  /** Targets that had samples. */
  readonly targets: ReadonlySet<string>;
};

export const noHistory: History = { values: new Map(), targets: new Set() };

export type Slice = {
  /** Milliseconds since 1970: samples after `from`, up to and with `until`, are counted. */
  readonly from: number;
  readonly until: number;
};

/** What was scraped at once, or sent by one process: all its counters are there, or none. */
export function targetOf({ labels }: Pick<Series, 'labels'>): string {
  return JSON.stringify([labels['job'] ?? '', labels['instance'] ?? '']);
}

/** Whether the first sample of a series lies in the slice, so that what it stood at before is to be looked up. */
export function beginsIn({ samples }: Series, { from, until }: Slice): boolean {
  const [first] = samples;
  return first !== undefined && first.at > from && first.at <= until;
}

/**
 * How much each series grew in a slice, exactly: each sample adds what it is above the one before, and all of itself where it is below,
 * since the counter began anew. The first sample of a series adds all of itself where its target had been seen before, since a counter
 * that was not there then has counted everything after; it adds nothing where the target is new as well, since nobody knows when it
 * began to count.
 *
 * What a sample adds follows from its time and from earlier samples alone, so that slices add up to the same, however time is cut.
 *
 * @param all every series of the targets that was read, for telling which targets were seen when
 * @param history what preceded the samples of series that begin in the slice
 */
export function growthOf(all: readonly Series[], slice: Slice, history: History): (series: Series) => number {
  const seenAt = new Map<string, number>();
  for (const series of all) {
    const [first] = series.samples;
    const target = targetOf(series);
    if (first) seenAt.set(target, Math.min(first.at, seenAt.get(target) ?? Number.POSITIVE_INFINITY));
  }
  for (const target of history.targets) seenAt.set(target, Number.NEGATIVE_INFINITY);
  return (series) => {
    const seen = seenAt.get(targetOf(series)) ?? Number.POSITIVE_INFINITY;
    let before = history.values.get(series.key);
    let grown = 0;
    for (const { at, value } of series.samples) {
      if (at > slice.until) break;
      if (at > slice.from) grown += before === undefined ? (seen < at ? value : 0) : increase(before, value);
      before = value;
    }
    return grown;
  };
}

function increase(before: number, value: number): number {
  return value >= before ? value - before : value;
}
