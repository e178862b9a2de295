import type { FamilyMetric } from '../config/load.ts';
import type { OptimizeConfiguration } from '../config/schema.ts';
import { compareScorecards } from '../evaluation/compare.ts';
import type { Comparison, Interval, Scorecard } from '../evaluation/scorecard.ts';
import { intervalName } from '../statistics/interval.ts';
import { toleratedFailures } from './contest.ts';

/** Whether a pick is proposed, and the sentence that says why. */
export type Acceptance = {
  readonly accepted: boolean;
  readonly reason: string;
  readonly comparison: Comparison;
};

/**
 * Judges the search's pick on the test split, which the search never saw: one pick, measured once, so the winner's
 * luck on the dev split does not count. A pick that fails on many examples is never compared on the rest. Accepted when the objective's paired test and interval exclude "no gain" at the configured
 * confidence, the gain is worth it, and no gate fails.
 */
export function judgePick(
  base: Scorecard,
  head: Scorecard,
  metrics: readonly FamilyMetric[],
  { confidence, minImprovement }: Pick<OptimizeConfiguration, 'confidence' | 'minImprovement'>,
): Acceptance {
  const comparison = compareScorecards(base, head, metrics, { confidence });
  const { difference, interval, p, n, verdict } = comparison.objective;
  const no = (why: string): Acceptance => ({
    accepted: false,
    reason: `No improvement: ${why}.`,
    comparison,
  });
  if (verdict === 'unreliable baseline') {
    return no(
      `the prompt as it was failed on ${base.failures.length} of ${base.results.length} test examples`,
    );
  }
  if (head.failures.length > toleratedFailures * head.results.length) {
    return no(`the best candidate failed on ${head.failures.length} of ${head.results.length} test examples`);
  }
  if (difference === null || interval === null || p === null || verdict === 'insufficient data') {
    return no(`only ${n} test examples could be compared`);
  }
  const measured = `${points(difference)} on ${n} test examples, ${intervalName(confidence)} ${range(interval)}`;
  if (difference <= 0) return no(`the best candidate changed the objective by ${measured}`);
  if (interval[0] <= 0 || p > 1 - confidence) {
    return no(`the best candidate gained ${measured}, which chance may explain`);
  }
  if (difference < minImprovement)
    return no(`the gain of ${measured} is less than the ${points(minImprovement)} asked for`);
  if (!comparison.gate.passed) return no(`a gate fails: ${comparison.gate.reasons.join('; ')}`);
  return { accepted: true, reason: `The objective gained ${measured}.`, comparison };
}

function points(share: number): string {
  const value = share * 100;
  return `${value >= 0 ? '+' : '−'}${Math.abs(value).toFixed(1)} points`;
}

function range([low, high]: Interval): string {
  return `${points(low).replace(' points', '')} to ${points(high).replace(' points', '')}`;
}
