/** A confidence interval, in the unit of the estimate. */
export type Interval = readonly [low: number, high: number];

/** How an interval is called: `95% interval`. */
export function intervalName(confidence = 0.95): string {
  return `${percentOf(confidence)} interval`;
}

/** A confidence in (0, 1) as people write it: `95%`, `99.5%`. */
export function percentOf(confidence: number): string {
  return `${Number((100 * confidence).toPrecision(10))}%`;
}
