import type { FamilyMetric } from '../config/load.ts';
import type { MetricComparison, MetricSummary } from './scorecard.ts';

export type GateResult = { readonly passed: boolean; readonly reasons: readonly string[] };

/**
 * Judges the configured gates. `min` and `max` look at the head's value; `maxDrop` and `maxIncrease` at the paired difference, and
 * fail only when the whole interval lies beyond what is allowed, so that chance alone seldom fails them.
 */
export function judgeGates(
  metrics: readonly FamilyMetric[],
  head: Readonly<Record<string, MetricSummary>>,
  comparison: Readonly<Record<string, MetricComparison>> | null,
): GateResult {
  const reasons = metrics.flatMap(({ metric: { name }, gate }) => {
    const mean = head[name]?.mean ?? null;
    const interval = comparison?.[name]?.interval ?? null;
    const failed: string[] = [];
    // Significant digits, not decimals: a cost in dollars may be far below a thousandth.
    const value = (number: number) => Number(number.toPrecision(4));
    if (mean === null && (gate.min !== undefined || gate.max !== undefined))
      failed.push(`${name} could not be measured`);
    if (mean !== null && gate.min !== undefined && mean < gate.min)
      failed.push(`${name} is ${value(mean)}, below the least allowed ${gate.min}`);
    if (mean !== null && gate.max !== undefined && mean > gate.max)
      failed.push(`${name} is ${value(mean)}, above the most allowed ${gate.max}`);
    if (interval && gate.maxDrop !== undefined && interval[1] < -gate.maxDrop) {
      failed.push(
        `${name} fell by more than the allowed ${gate.maxDrop} (95% interval ${value(interval[0])} to ${value(interval[1])})`,
      );
    }
    if (interval && gate.maxIncrease !== undefined && interval[0] > gate.maxIncrease) {
      failed.push(
        `${name} grew by more than the allowed ${gate.maxIncrease} (95% interval ${value(interval[0])} to ${value(interval[1])})`,
      );
    }
    return failed;
  });
  return { passed: reasons.length === 0, reasons };
}
