/** The amounts that count as perfect and as useless; everything beyond counts as they do. Both above 0, best below worst. */
export type LogScale = { readonly best: number; readonly worst: number };

/**
 * An amount of which less is better (a latency, a cost) as a value in [0, 1] of which more is better:
 * `1 - ln(amount / best) / ln(worst / best)`, cut at 0 and 1. Equal ratios are equal distances, so twice as slow costs the same
 * whether a call took 1 s or 10 s, and one huge outlier costs no more than `worst`.
 *
 * A relative drop d from the value v is a ratio of (worst / best)^(d v) in the amount: on the scale from 100 ms to 100 s, from 3.2 s
 * (v = .5) a drop of 15% is a slowdown by 68%.
 *
 * @param amount 0 or more, in the unit of the scale
 */
export function logScaled(amount: number, { best, worst }: LogScale): number {
  if (amount <= best) return 1;
  if (amount >= worst) return 0;
  return 1 - Math.log(amount / best) / Math.log(worst / best);
}

/** The amount of a value in [0, 1], the inverse of {@link logScaled}; of a mean of values, the geometric mean of the amounts. */
export function amountAt(value: number, { best, worst }: LogScale): number {
  return worst * (best / worst) ** value;
}

/**
 * By how much amounts differ where their values differ by `difference`, relative to the amount that is compared with: 0.1 is a tenth more.
 */
export function relativeChange(difference: number, { best, worst }: LogScale): number {
  return (best / worst) ** difference - 1;
}
