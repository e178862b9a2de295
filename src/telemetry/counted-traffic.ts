import type { CounterSource } from './counter-source.ts';
import type { Tally } from './irregularities.ts';

export type CountedTraffic = {
  /** By metric, the share of calls that went well. */
  readonly usual: Readonly<Record<string, number>>;
  /** By metric, calls that were counted. */
  readonly callsPerMinute: Readonly<Record<string, number>>;
  readonly samples: number;
};

type Request = {
  readonly prompt: string;
  /** The version whose calls are counted. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly now: number;
  readonly tally: Tally;
};

/** Milliseconds that are asked for at once. */
const SLICE = 3_600_000;

/** How many calls a version has and how they usually go, by counters; metrics without a call are left out. */
export async function measureCounters(
  sources: readonly CounterSource[],
  { prompt, version, since, now, tally }: Request,
): Promise<CountedTraffic> {
  const comparison = { prompt, stable: version, canary: '', generation: null, since };
  const usual: Record<string, number> = {};
  const callsPerMinute: Record<string, number> = {};
  let samples = 0;
  for (const source of sources) {
    let [successes, total, from, to] = [0, 0, now, since];
    for await (const batch of source.read({}, { comparison, now, slice: SLICE, tally })) {
      samples += batch.samples;
      if (batch.counters === null) continue;
      successes += batch.counters.control.successes;
      total += batch.counters.control.total;
      from = Math.min(from, batch.from);
      to = batch.until;
    }
    if (total === 0) continue;
    usual[source.metric] = successes / total;
    callsPerMinute[source.metric] = total / Math.max(1, (to - from) / 60_000);
  }
  return { usual, callsPerMinute, samples };
}
