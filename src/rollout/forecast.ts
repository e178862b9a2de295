import { expectedUsers } from '../statistics/expected-users.ts';
import { logScaled } from '../statistics/log-scale.ts';
import type { RolloutPlan, WatchedMetric } from './plan.ts';

/** What a prompt's own traffic is like. */
export type Traffic = {
  /** Users a minute who were not counted yet; whoever comes back counts once. */
  readonly usersPerMinute: number;
  /** By metric, its usual mean in its own unit; a metric without one is not forecast. */
  readonly usual: Readonly<Record<string, number>>;
  /** Of metrics from counters, which know calls and no users, calls a minute; without it there are as many as users. */
  readonly callsPerMinute?: Readonly<Record<string, number>>;
};

/** How soon a drop is noticed at a step. Users, or calls of a metric from counters, are those of the canary; Infinity where it never is. */
export type Forecast = {
  readonly metric: string;
  /** Relative drop. */
  readonly drop: number;
  readonly percent: number;
  readonly hold: { readonly users: number; readonly minutes: number };
  readonly revert: { readonly users: number; readonly minutes: number };
};

/** For each watched metric, a third of its target, the target and twice the target, at each step but the last. */
export function forecast(plan: RolloutPlan, traffic: Traffic): readonly Forecast[] {
  return plan.metrics.flatMap((metric) => {
    const base = baseOf(metric, traffic.usual);
    const perMinute = unitsPerMinute(metric, traffic);
    if (base === null) return [];
    return [metric.target / 3, metric.target, Math.min(1, 2 * metric.target)].flatMap((drop) =>
      plan.steps
        .filter(({ percent }) => percent < 100)
        .map(({ percent }) => {
          const share = percent / 100;
          const until = (threshold: number) => {
            const users = expectedUsers({ base, drop, tolerance: metric.tolerance, share, threshold });
            return { users, minutes: users / (perMinute * share) };
          };
          const { hold, revert } = plan.thresholds;
          return { metric: metric.name, drop, percent, hold: until(hold), revert: until(revert) };
        }),
    );
  });
}

/** What is counted for a metric in a minute: users, or calls. */
function unitsPerMinute(
  { name, from }: WatchedMetric,
  { usersPerMinute, callsPerMinute = {} }: Traffic,
): number {
  const calls = Object.hasOwn(callsPerMinute, name) ? callsPerMinute[name] : undefined;
  return (from === 'counters' ? calls : undefined) ?? usersPerMinute;
}

function baseOf({ name, scale }: WatchedMetric, usual: Traffic['usual']): number | null {
  const mean = Object.hasOwn(usual, name) ? usual[name] : undefined;
  if (mean === undefined) return null;
  const base = scale ? logScaled(mean, scale) : mean;
  return base > 0 && base <= 1 ? base : null;
}
