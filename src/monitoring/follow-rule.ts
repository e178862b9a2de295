import { createRandom } from '../statistics/random.ts';
import { follow, type JudgedWindow, type Standing } from './alerts.ts';
import { type Judgement, judgeWindow } from './judge-window.ts';
import type { Rule } from './rule.ts';
import { baselineBefore, baselineGap, type Unit, type WindowUnits, windowOf } from './units.ts';

const DAY = 86_400_000;

/** How many windows of a rule are followed, the running one included: those of a day, and enough to fire and to be resolved. */
export function followedWindows({
  window,
  sustained,
  resolved,
}: Pick<Rule, 'window' | 'sustained' | 'resolved'>): number {
  return Math.max(Math.ceil(DAY / window), sustained + resolved + 2) + 1;
}

/** Milliseconds since 1970 from which a rule needs telemetry. */
export function sinceOf(
  rule: Pick<Rule, 'window' | 'sustained' | 'resolved'>,
  baseline: number,
  now: number,
): number {
  return windowOf(now, rule.window) - (followedWindows(rule) - 1) * rule.window - baselineGap - baseline;
}

export type Following = {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long after a call its scores may come, milliseconds. */
  readonly joinWindow: number;
  /** Milliseconds before each window. */
  readonly baseline: number;
  /** The chance of a mistake in one window. */
  readonly alpha: number;
  /** What the draws depend on, beside the window. */
  readonly seed: string;
};

/** Judges the last windows of a rule, each against its own baseline: what is said of a window does not change when it is over. */
export function followRule(
  windows: ReadonlyMap<number, WindowUnits>,
  rule: Rule,
  arm: 'stable' | 'canary',
  { now, joinWindow, baseline, alpha, seed }: Following,
): Standing<Judgement> {
  const last = windowOf(now, rule.window);
  const judged = Array.from({ length: followedWindows(rule) }, (_, index): JudgedWindow<Judgement> => {
    const from = last - (followedWindows(rule) - 1 - index) * rule.window;
    const units: readonly Unit[] = windows.get(from)?.[arm] ?? [];
    const to = from + rule.window;
    const random = createRandom(`${seed} ${from}`);
    // Nothing to compare costs nothing to leave out.
    const before = units.length < rule.leastSamples ? nothing : baselineBefore(windows, from, baseline);
    const judgement = judgeWindow(units, before, rule, { alpha, random });
    return { from, to, isOver: to + joinWindow <= now, judgement };
  });
  return follow(judged, rule);
}

const nothing = { values: [], windows: 0 };
