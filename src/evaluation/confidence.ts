/** Of every interval and verdict that does not name another. */
export const usualConfidence = 0.95;

/** How an interval is called: `95% interval`, `99.9% interval`. */
export function intervalName(confidence = usualConfidence): string {
  return `${percentOf(confidence)} interval`;
}

/** `95%`, `99.9%`. */
export function percentOf(confidence: number): string {
  return `${Number((100 * confidence).toPrecision(6))}%`;
}
