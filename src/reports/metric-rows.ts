import type {
  Comparison,
  MetricComparison,
  MetricSummary,
  MetricTier,
  Scorecard,
} from '../evaluation/scorecard.ts';
import { percentOf } from '../statistics/interval.ts';
import { formatDifferenceInterval, formatP, type Unit } from './numbers.ts';

/** One metric, ready for a table: alone, or against a base. */
export type MetricRow = {
  readonly name: string;
  /** Null for the objective itself, and in reports that do not say. */
  readonly tier: MetricTier | null;
  readonly unit: MetricSummary['unit'];
  readonly head: MetricSummary;
  /** The base's value, with its interval where its scorecard is at hand. */
  readonly base: Pick<MetricSummary, 'mean' | 'interval'> | null;
  readonly comparison: MetricComparison | null;
};

type Measured = Pick<Scorecard, 'metrics' | 'objective'>;

/** What a table's groups are called. */
export const tierNames: Readonly<Record<MetricTier, string>> = {
  gate: 'Gated',
  objective: 'In the objective',
  report: 'Reported only',
};

const tiers: readonly MetricTier[] = ['gate', 'objective', 'report'];

/** The objective, then the metrics: those with a gate, those with a weight, the others; costs last in each. */
export function rowsOf(head: Measured, base: Measured | null, comparison: Comparison | null): MetricRow[] {
  const objective = rowOf('objective', head.objective, base?.objective, comparison?.objective);
  const metrics = Object.entries(head.metrics)
    .map(([name, summary]) =>
      rowOf(name, summary, ownOf(base?.metrics, name), ownOf(comparison?.metrics, name)),
    )
    .sort((a, b) => rankOf(a) - rankOf(b) || Number(isCost(a)) - Number(isCost(b)));
  return [objective, ...metrics];
}

/** Whether a metric is what answers took: time, tokens or money. */
export function isCost({ unit }: Pick<MetricRow, 'unit'>): boolean {
  return unit !== 'ratio';
}

/** The adjusted p where it reads other than p, so that the verdict rests on a number not shown yet; else null. */
export function adjustedPOf(comparison: MetricComparison | null): number | null {
  return comparison && formatP(comparison.adjustedP) !== formatP(comparison.p) ? comparison.adjustedP : null;
}

/** The interval of a difference for a column headed 95% interval: one of another confidence says so, `+2.0 to +22.0 (90%)`. */
export function describeInterval(comparison: MetricComparison | null, unit: Unit): string {
  const { interval = null, confidence } = comparison ?? {};
  const other = interval === null || confidence === undefined ? '' : ` (${percentOf(confidence)})`;
  return formatDifferenceInterval(interval, unit) + other;
}

/** How many of the examples stand behind a comparison: `60`, or `57 of 60`. */
export function describeCount({ head, comparison }: MetricRow): string {
  const n = comparison?.n ?? head.n;
  const all = head.n + head.missing;
  return n < all ? `${n} of ${all}` : String(n);
}

/** What a record has under a name: a metric may be called `constructor`. */
export function ownOf<Value>(
  record: Readonly<Record<string, Value>> | undefined,
  name: string,
): Value | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}

function rankOf({ tier }: MetricRow): number {
  return tier === null ? tiers.length : tiers.indexOf(tier);
}

function rowOf(
  name: string,
  head: MetricSummary,
  base: MetricSummary | undefined,
  comparison: MetricComparison | undefined,
): MetricRow {
  const baseAlone = comparison ? { mean: comparison.base, interval: null } : null;
  return {
    name,
    tier: head.tier ?? null,
    unit: head.unit,
    head,
    base: base ?? baseAlone,
    comparison: comparison ?? null,
  };
}
