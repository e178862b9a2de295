import { isDeepStrictEqual } from 'node:util';
import type { Reading } from '../rollout/evidence.ts';
import type { Cursor } from '../rollout/observation.ts';
import type { CounterSource } from './counter-source.ts';
import { inOrder } from './in-order.ts';
import { createTally, type Irregularity } from './irregularities.ts';
import { type Comparison, createJoiner, type TimedObservation } from './join/join.ts';
import { type PriceOf, priced } from './priced-calls.ts';
import { readCounters } from './read-counters.ts';
import type { TelemetrySource } from './source.ts';

/** What was read for one comparison. */
export type TelemetryReading = Reading & {
  /** When the events were, ISO 8601; null where there were none. */
  readonly window: { readonly from: string; readonly to: string } | null;
  readonly signals: number;
  /** Of counters. */
  readonly samples: number;
  readonly irregularities: readonly Irregularity[];
  /** Whether the sources had more than one reading takes. */
  readonly more: boolean;
};

/** Reads for one comparison, again and again; what belongs together may come in different readings. */
export type TelemetryReader = {
  /**
   * What has come since the cursor. Where that is not the end of the last reading, memory is built anew from the events shortly before
   * it.
   *
   * @param now milliseconds since 1970
   */
  read(after: Cursor, now: number): Promise<TelemetryReading>;
};

/** Signals that one reading takes: what comes of them is held until it ends. */
const MOST_SIGNALS = 8000;

export type ReaderOptions = {
  /** How long after a call its scores may come, in milliseconds. */
  readonly window: number;
  /** Null where nobody asks what calls cost. */
  readonly priceOf: PriceOf | null;
  /** Sources without users. */
  readonly counterSources?: readonly CounterSource[];
};

export function openReader(
  sources: readonly TelemetrySource[],
  comparison: Comparison,
  { window, priceOf, counterSources = [] }: ReaderOptions,
): TelemetryReader {
  let joiner = createJoiner(comparison, window);
  let end: Cursor | null = null;
  return {
    async read(after, now) {
      const warm = end !== null && isDeepStrictEqual(end, after);
      if (!warm) joiner = createJoiner(comparison, window);
      // Lost until this reading is through.
      end = null;
      const tally = createTally();
      const found: TimedObservation[] = [];
      const times = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
      let cursor = after;
      let [count, more] = [0, false];
      const options = { since: comparison.since, window, now, warm, details: priceOf !== null, tally };
      const batches = sources.values().map((source) => source.read(after, options));
      for await (const batch of inOrder(batches, sources.length)) {
        const listener = batch.again ? null : tally;
        joiner.report(listener);
        const signals = priceOf
          ? await priced(batch.signals, { ...comparison, priceOf, tally: listener })
          : batch.signals;
        for (const signal of signals) joiner.add(signal, now);
        const joined = joiner.take();
        // What comes of old signals alone was in an earlier reading.
        if (batch.again) continue;
        for (const observation of joined) found.push(observation);
        for (const { at } of batch.signals) {
          times.from = Math.min(times.from, at);
          times.to = Math.max(times.to, at);
        }
        count += batch.signals.length;
        cursor = without({ ...cursor, ...batch.cursor }, batch.dropped ?? []);
        more = count >= MOST_SIGNALS;
        if (more) break;
      }
      const counted = await readCounters(counterSources, after, { comparison, now, tally });
      if (Object.keys(counted.cursor).length > 0) cursor = { ...cursor, ...counted.cursor };
      end = cursor;
      return {
        observations: found.toSorted((a, b) => a.at - b.at),
        counters: counted.counters,
        cursor,
        at: new Date(now).toISOString(),
        window: count + counted.samples === 0 ? null : windowOf(times, counted),
        signals: count,
        samples: counted.samples,
        irregularities: tally.list(),
        more: more || counted.more,
      };
    },
  };
}

function without(cursor: Cursor, dropped: readonly string[]): Cursor {
  return dropped.length === 0
    ? cursor
    : Object.fromEntries(Object.entries(cursor).filter(([key]) => !dropped.includes(key)));
}

type Times = { readonly from: number; readonly to: number };

function windowOf(one: Times, other: Times): { readonly from: string; readonly to: string } {
  return { from: isoOf(Math.min(one.from, other.from)), to: isoOf(Math.max(one.to, other.to)) };
}

function isoOf(milliseconds: number): string {
  return new Date(Math.min(milliseconds, 8.64e15)).toISOString();
}
