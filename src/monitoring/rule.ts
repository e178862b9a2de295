import { millisecondsOf } from '../config/duration.ts';
import { amounts, type RuleConfiguration } from '../config/monitoring.ts';

/** What of a window is judged. */
type Measure =
  /** The mean of a metric in [0, 1]. */
  | { readonly of: 'mean' }
  /** A quantile of an amount. */
  | { readonly of: 'quantile'; readonly q: number };

/** What is wrong. */
export type Condition =
  | { readonly kind: 'above' | 'below'; readonly bound: number }
  | {
      readonly kind: 'rise' | 'drop';
      /** Above 0, in the metric's unit, or as a share of the baseline. */
      readonly size: number;
      readonly isShare: boolean;
      /** The size that must be proven: `size` itself, or less where the estimate alone is to reach it. */
      readonly proven: number;
    };

/** When somebody is to be told. */
export type Rule = {
  readonly name: string;
  readonly metric: string;
  readonly measure: Measure;
  readonly condition: Condition;
  /** Milliseconds; windows begin at full multiples of it since 1970. */
  readonly window: number;
  readonly leastSamples: number;
  /** Windows in a row that must be wrong, and right again. */
  readonly sustained: number;
  readonly resolved: number;
};

/** The rule as its configuration means it. */
export function ruleOf(name: string, configured: RuleConfiguration): Rule {
  const { metric, statistic, window, leastSamples, sustained, resolved } = configured;
  return {
    name,
    metric,
    measure: amounts.has(metric)
      ? { of: 'quantile', q: statistic === 'median' ? 0.5 : 0.95 }
      : { of: 'mean' },
    condition: conditionOf(configured),
    window: millisecondsOf(window),
    leastSamples,
    sustained,
    resolved,
  };
}

function conditionOf({ above, below, rise, drop = 0 }: RuleConfiguration): Condition {
  if (above !== undefined) return { kind: 'above', bound: above };
  if (below !== undefined) return { kind: 'below', bound: below };
  const [kind, given] = rise === undefined ? (['drop', drop] as const) : (['rise', rise] as const);
  const isShare = typeof given === 'string';
  const size = isShare ? Number(given.slice(0, -1)) / 100 : given;
  return { kind, size, isShare, proven: size };
}

/** The value from which a condition holds; null where it needs a baseline and there is none. */
export function boundOf(condition: Condition, baseline: number | null): number | null {
  if ('bound' in condition) return condition.bound;
  return baseline === null ? null : moved(baseline, condition, condition.size);
}

/** A baseline moved by a change of some size to the side that is wrong. */
export function moved(
  baseline: number,
  { kind, isShare }: Extract<Condition, { kind: 'rise' | 'drop' }>,
  size: number,
): number {
  const change = isShare ? baseline * size : size;
  return kind === 'rise' ? baseline + change : baseline - change;
}

/** Whether more is wrong, or less. */
export function isWrongAbove({ kind }: Condition): boolean {
  return kind === 'above' || kind === 'rise';
}
