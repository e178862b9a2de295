import type { ObservedCall } from './observed-call.ts';

/** One value that counts: of a user in a window, or of a call. */
export type Unit = { readonly at: number; readonly value: number };

/** The values of one metric in one window, in the order of their calls. */
export type WindowUnits = {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly stable: Unit[];
  readonly canary: Unit[];
};

/** Milliseconds of the window in which a moment lies. */
export function windowOf(at: number, window: number): number {
  return Math.floor(at / window) * window;
}

/**
 * The values of a metric, window by window. The first call of a user in a window that has one counts: the calls of one user are not
 * independent, and a user is counted alike in every window, in those of the baseline too.
 *
 * @param calls in the order of their ends
 * @param window milliseconds
 */
export function unitsOf(
  calls: readonly ObservedCall[],
  {
    metric,
    window,
    unit,
  }: { readonly metric: string; readonly window: number; readonly unit: 'users' | 'calls' },
): ReadonlyMap<number, WindowUnits> {
  const windows = new Map<number, WindowUnits>();
  let [from, counted] = [Number.NaN, new Set<string>()];
  for (const { at, user, isCanary, values } of calls) {
    const value = values.get(metric);
    if (value === undefined) continue;
    if (windowOf(at, window) !== from) [from, counted] = [windowOf(at, window), new Set()];
    if (unit === 'users') {
      if (counted.has(user)) continue;
      counted.add(user);
    }
    const units = windows.get(from) ?? { from, stable: [], canary: [] };
    windows.set(from, units);
    (isCanary ? units.canary : units.stable).push({ at, value });
  }
  return windows;
}

/** What users of the stable version had before a window: all values together, and in how many windows. */
export type Baseline = { readonly values: readonly number[]; readonly windows: number };

/**
 * Milliseconds between a baseline and its window: what goes wrong is compared for a day with what was before, not with its own first hours,
 * which would soon be usual.
 */
export const baselineGap = 86_400_000;

/** @param period milliseconds, which end {@link baselineGap} before the window */
export function baselineBefore(
  windows: ReadonlyMap<number, WindowUnits>,
  from: number,
  period: number,
): Baseline {
  const end = from - baselineGap;
  const before = [...windows.values()].filter(
    (units) => units.from < end && units.from >= end - period && units.stable.length > 0,
  );
  return {
    values: before.flatMap(({ stable }) => stable.map(({ value }) => value)),
    windows: before.length,
  };
}
