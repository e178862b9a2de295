import { type CountedUsers, openCountedUsers } from '../rollout/counted-users.ts';
import type { Traffic } from '../rollout/forecast.ts';
import { measureCounters } from './counted-traffic.ts';
import type { CounterSource } from './counter-source.ts';
import { inOrder } from './in-order.ts';
import { createTally, type Irregularity } from './irregularities.ts';
import { createJoiner } from './join/join.ts';
import { type PriceOf, priced } from './priced-calls.ts';
import type { TelemetrySource } from './source.ts';

export type MeasuredTraffic = Traffic & {
  readonly users: number;
  /** ISO 8601; null where nothing was read. */
  readonly window: { readonly from: string; readonly to: string } | null;
  /** Of the time that was asked for, of all prompts. */
  readonly signals: number;
  /** Of counters. */
  readonly samples: number;
  readonly irregularities: readonly Irregularity[];
};

export type TrafficRequest = {
  readonly prompt: string;
  /** The version whose users are counted. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly now: number;
  /** How long after a call its scores may come, in milliseconds. */
  readonly window: number;
  /** Null where nobody asks what calls cost. */
  readonly priceOf: PriceOf | null;
  /** Sources without users. */
  readonly counterSources?: readonly CounterSource[];
};

/** How many users a prompt has, and what is usual: each user counts once, by the first outcome. */
export async function measureTraffic(
  sources: readonly TelemetrySource[],
  { prompt, version, since, now, window, priceOf, counterSources = [] }: TrafficRequest,
): Promise<MeasuredTraffic> {
  const comparison = { prompt, stable: version, canary: '', generation: null, since };
  const [joiner, tally] = [createJoiner(comparison, window), createTally()];
  joiner.report(tally);
  const nobody: CountedUsers = [];
  const counted = openCountedUsers(nobody);
  const sums = new Map<string, { sum: number; n: number }>();
  let [users, signals] = [0, 0];
  const times = { from: Number.POSITIVE_INFINITY, to: 0 };
  const options = { since, window, now, warm: true, details: priceOf !== null, tally };
  for await (const batch of inOrder(
    sources.values().map((source) => source.read({}, options)),
    sources.length,
  )) {
    signals += batch.signals.filter(({ at }) => at >= since).length;
    const read = priceOf ? await priced(batch.signals, { prompt, priceOf, tally }) : batch.signals;
    for (const signal of read) joiner.add(signal, now);
    for (const { user, values, at } of joiner.take()) {
      times.from = Math.min(times.from, at);
      times.to = Math.max(times.to, Math.min(at, now));
      if (counted.add(user)) users += 1;
      for (const [metric, value] of Object.entries(values)) {
        if (!counted.add(`${user} ${metric}`)) continue;
        const known = sums.get(metric) ?? { sum: 0, n: 0 };
        sums.set(metric, { sum: known.sum + value, n: known.n + 1 });
      }
    }
  }
  const calls = await measureCounters(counterSources, { prompt, version, since, now, tally });
  const minutes = Math.max(1, (times.to - times.from) / 60_000);
  return {
    users,
    usersPerMinute: users / minutes,
    usual: {
      ...Object.fromEntries([...sums].map(([metric, { sum, n }]) => [metric, sum / n])),
      ...calls.usual,
    },
    callsPerMinute: calls.callsPerMinute,
    window: users + calls.samples === 0 ? null : windowOf(users === 0 ? { from: since, to: now } : times),
    signals,
    samples: calls.samples,
    // Nobody asked for the time before.
    irregularities: tally.list().filter(({ kind }) => kind !== 'of another step'),
  };
}

function windowOf({ from, to }: { readonly from: number; readonly to: number }) {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
