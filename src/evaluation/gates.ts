import type { FamilyMetric } from '../config/load.ts';
import type { GateConfiguration } from '../config/schema.ts';
import { isUnreliable } from './reliability.ts';
import type { GateResult, MetricComparison, MetricSummary, Scorecard } from './scorecard.ts';

/**
 * Judges the configured gates. `min` and `max` look at the head's value. `maxDrop` and `maxIncrease` fail when the change is a
 * significant regression (paired test, Holm's adjustment over all gated metrics, interval without zero) and larger than what is
 * allowed. Where base and head could be swapped without anyone noticing, all of them together fail in less than 5% of comparisons.
 * Where only their means are equal (many small losses, few large gains) and examples are few it can be more: 6% at 20 examples, 4% at 60.
 *
 * A head that failed on more than a fifth of its examples passes no gate: those it answered need not be like the others.
 */
export function judgeGates(
  metrics: readonly FamilyMetric[],
  head: Pick<Scorecard, 'metrics' | 'failures' | 'results'>,
  comparison: Readonly<Record<string, MetricComparison>> | null,
): GateResult {
  const isJudged = metrics.some(
    ({ gate }) => hasValueGate(gate) || (comparison !== null && hasChangeGate(gate)),
  );
  const failed =
    isJudged && isUnreliable(head)
      ? [
          `${head.failures.length} of ${head.results.length} answers have no score; the others do not speak for this version`,
        ]
      : [];
  const judged = metrics.map(({ metric: { name, direction }, gate }) => {
    const value = judgeValue(name, gate, head.metrics[name]);
    if (comparison === null || !hasChangeGate(gate)) return value;
    const change = judgeChange(name, direction, gate, comparison[name]);
    return { reasons: [...value.reasons, ...change.reasons], notes: change.notes };
  });
  const reasons = [...failed, ...judged.flatMap((each) => each.reasons)];
  return { passed: reasons.length === 0, reasons, notes: judged.flatMap((each) => each.notes) };
}

/** The change that a gate allows, in the metric's unit; null without such a gate. A percentage is of the base's value. */
export function allowedChange(
  direction: 'higher' | 'lower',
  gate: GateConfiguration,
  base: number | null,
): number | null {
  const allowed = direction === 'higher' ? gate.maxDrop : gate.maxIncrease;
  if (typeof allowed !== 'string') return allowed ?? null;
  return base === null ? null : (Number.parseFloat(allowed) / 100) * Math.abs(base);
}

function hasValueGate({ min, max }: GateConfiguration): boolean {
  return min !== undefined || max !== undefined;
}

/** Whether a metric is judged against the base. */
export function hasChangeGate({ maxDrop, maxIncrease }: GateConfiguration): boolean {
  return maxDrop !== undefined || maxIncrease !== undefined;
}

/** Sums and differences of values that a gate names may miss its limit by this share of them. */
const ROUNDING = 1e-9;

type Judged = { readonly reasons: string[]; readonly notes: string[] };

function judgeValue(name: string, gate: GateConfiguration, summary: MetricSummary | undefined): Judged {
  if (!hasValueGate(gate)) return { reasons: [], notes: [] };
  const mean = summary?.mean ?? null;
  if (mean === null) return { reasons: [`${name} could not be measured`], notes: [] };
  const reasons: string[] = [];
  if (gate.min !== undefined && exceeds(gate.min, mean))
    reasons.push(`${name} is ${shown(mean, gate.min)}, below the least allowed ${gate.min}`);
  if (gate.max !== undefined && exceeds(mean, gate.max))
    reasons.push(`${name} is ${shown(mean, gate.max)}, above the most allowed ${gate.max}`);
  return { reasons, notes: [] };
}

function judgeChange(
  name: string,
  direction: 'higher' | 'lower',
  gate: GateConfiguration,
  comparison: MetricComparison | undefined,
): Judged {
  if (!comparison || comparison.difference === null) {
    return { reasons: [], notes: [`${name} could not be compared: no example has a value in both`] };
  }
  const { difference, interval, verdict, base, detectable } = comparison;
  if (verdict === 'unreliable baseline' || verdict === 'insufficient data')
    return { reasons: [], notes: [`${name} was not judged: ${verdict}`] };
  const loss = direction === 'higher' ? -difference : difference;
  const allowed = allowedChange(direction, gate, base) ?? 0;
  if (verdict === 'regression' && exceeds(loss, allowed)) {
    const verb = direction === 'higher' ? 'fell' : 'grew';
    const limit = direction === 'higher' ? gate.maxDrop : gate.maxIncrease;
    const range = interval === null ? '' : `; 95% interval ${shown(interval[0])} to ${shown(interval[1])}`;
    return {
      reasons: [`${name} ${verb} by ${shown(loss, allowed)}, more than the allowed ${limit}${range}`],
      notes: [],
    };
  }
  if (verdict === 'inconclusive' && detectable !== null && detectable > 2 * Math.max(allowed, 0.005)) {
    return {
      reasons: [],
      notes: [
        `${name}: this dataset shows differences of ${shown(detectable)} and more; a smaller loss would pass`,
      ],
    };
  }
  return { reasons: [], notes: [] };
}

/** Whether a value is above another by more than rounding: the mean of ten values of 0.1 is not 0.1. */
function exceeds(value: number, other: number): boolean {
  return value - other > ROUNDING * Math.max(Math.abs(value), Math.abs(other));
}

/** Significant digits, not decimals: a cost in dollars may be far below a thousandth. As many as tell it from its limit. */
function shown(value: number, limit?: number): string {
  const rounded = [4, 7, 11].map((digits) => Number(value.toPrecision(digits)));
  return String(rounded.find((each) => each !== limit) ?? value);
}
