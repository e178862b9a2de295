/** A confidence interval, in the unit of the estimate. */
export type Interval = readonly [low: number, high: number];
