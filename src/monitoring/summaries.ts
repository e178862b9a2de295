import { quantileOf } from '../statistics/quantile.ts';
import type { ObservedCall } from './observed-call.ts';

/** Calls of one version by one model in one window. */
export type WindowSummary = {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly version: string;
  readonly model: string;
  /** Of users that were kept in memory; calls, users and sums are multiplied by its inverse, so that below 1 they are estimates. */
  readonly share: number;
  readonly calls: number;
  readonly users: number;
  /** By metric; `cost` has a sum too, in US dollars. */
  readonly metrics: Readonly<Record<string, MetricSummary>>;
};

type MetricSummary = {
  readonly n: number;
  readonly mean: number;
  readonly p95: number;
  readonly sum: number;
};

/** Versions and models of a window: their names are whoever's. */
const MOST_GROUPS = 20;

/** Summaries of a window, one for each version and model, those with most calls first; at most {@link MOST_GROUPS}. */
export function summariesOf(
  calls: readonly ObservedCall[],
  { from, to, share }: { readonly from: number; readonly to: number; readonly share: number },
): readonly WindowSummary[] {
  const inside = calls.filter(({ at }) => at >= from && at < to);
  const groups = Map.groupBy(inside, ({ version, model }) => JSON.stringify([version, model]));
  return [...groups.values()]
    .flatMap((own) => {
      const [first] = own;
      if (!first) return [];
      const { version, model } = first;
      const users = new Set(own.map(({ user }) => user)).size;
      const metrics = metricsOf(own, share);
      return [{ from, to, version, model, share, calls: own.length / share, users: users / share, metrics }];
    })
    .toSorted((a, b) => b.calls - a.calls)
    .slice(0, MOST_GROUPS);
}

function metricsOf(calls: readonly ObservedCall[], share: number): WindowSummary['metrics'] {
  const names = new Set(calls.flatMap(({ values }) => [...values.keys()]));
  // Names of evaluations are whoever's: none of them may reach an object's own properties.
  const metrics: Record<string, MetricSummary> = Object.create(null);
  for (const name of names) {
    const values = Float64Array.from(calls.flatMap((call) => call.values.get(name) ?? [])).sort();
    const sum = values.reduce((total, value) => total + value, 0);
    const p95 = quantileOf(values, 0.95) ?? Number.NaN;
    metrics[name] = { n: values.length / share, mean: sum / values.length, p95, sum: sum / share };
  }
  return metrics;
}
