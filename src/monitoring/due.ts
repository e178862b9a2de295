import { createRandom } from '../statistics/random.ts';
import { judgeWindow } from './judge-window.ts';
import { feedback, type ObservedCall } from './observed-call.ts';
import type { Rule } from './rule.ts';
import { baselineBefore, unitsOf, windowOf } from './units.ts';

/** A metric that fell. */
export type PerformanceDrop = {
  readonly metric: string;
  /** In the window and in the baseline. */
  readonly value: number;
  readonly baseline: number;
  /** Users in the window. */
  readonly n: number;
  /** ln E that it fell at all, and what it must reach. */
  readonly logEvidence: number;
  readonly needed: number;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
};

export type DropQuestion = {
  /** Calls of other versions count in the baseline only. */
  readonly version: string;
  /** Share of the baseline by which it must have fallen. */
  readonly drop: number;
  /** How sure it must be that it fell at all, on any one day. */
  readonly confidence: number;
  /** Milliseconds of the baseline. */
  readonly baseline: number;
  readonly unit: 'users' | 'calls';
  readonly now: number;
};

const DAY = 86_400_000;
const LEAST_USERS = 50;

/** Metrics of which less is better, that are no shares, or that triggers ask about by themselves: others fall when they get worse. */
const notFalling: ReadonlySet<string> = new Set([
  'latency',
  'tokens',
  'cost',
  'answer tokens',
  'hallucination_rate',
  feedback,
]);

/**
 * The metrics that fell on this day or, where it tells nothing yet, on the day before, UTC: the estimate by the share that is asked for, and
 * beyond doubt by something. An optimization that was not needed costs calls and harms nobody, so that more need not be proven.
 */
export function performanceDrops(
  calls: readonly ObservedCall[],
  { version, drop, confidence, baseline, unit, now }: DropQuestion,
): readonly PerformanceDrop[] {
  const metrics = [...new Set(calls.flatMap(({ values }) => [...values.keys()]))].filter(
    (name) => !notFalling.has(name),
  );
  const days = [windowOf(now, DAY) - DAY, windowOf(now, DAY)];
  // Both days are looked at on one day.
  const alpha = (1 - confidence) / Math.max(1, metrics.length * days.length);
  const ofVersion = calls.filter((call) => call.version === version);
  return metrics.flatMap((metric) => {
    const windows = unitsOf(calls, { metric, window: DAY, unit });
    const own = unitsOf(ofVersion, { metric, window: DAY, unit });
    const found = days.flatMap((from) => {
      const units = [...(own.get(from)?.stable ?? []), ...(own.get(from)?.canary ?? [])];
      const random = createRandom(`${version} ${metric} ${from}`);
      const ordered = units.toSorted((a, b) => a.at - b.at);
      const before = baselineBefore(windows, from, baseline);
      const judged = judgeWindow(ordered, before, dropRule(metric, drop), { alpha, random });
      const { value, baseline: usual, n, logEvidence, needed, provenAt } = judged;
      if (provenAt === null || value === null || usual === null) return [];
      return [
        { metric, value, baseline: usual, n, logEvidence, needed, from, to: Math.min(now, from + DAY) },
      ];
    });
    return found.slice(-1);
  });
}

function dropRule(metric: string, size: number): Rule {
  return {
    name: metric,
    metric,
    measure: { of: 'mean' },
    condition: { kind: 'drop', size, isShare: true, proven: 0 },
    window: DAY,
    leastSamples: LEAST_USERS,
    sustained: 1,
    resolved: 1,
  };
}

/** What users said of a version. Null where nobody did. */
export function feedbackOf(
  calls: readonly ObservedCall[],
  version: string,
): { readonly n: number; readonly mean: number } | null {
  const said = calls.flatMap((call) => (call.version === version ? (call.values.get(feedback) ?? []) : []));
  if (said.length === 0) return null;
  return { n: said.length, mean: said.reduce((sum, value) => sum + value, 0) / said.length };
}
