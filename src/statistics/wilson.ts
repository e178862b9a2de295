import type { Interval } from './interval.ts';
import { normalQuantile } from './normal.ts';

/**
 * Wilson's score interval for a proportion (Journal of the American Statistical Association 22, 1927).
 *
 * @param successes from 0 to n
 * @param n independent trials
 * @param confidence in (0, 1)
 * @returns bounds in [0, 1]; null without trials
 */
export function wilsonInterval(successes: number, n: number, confidence = 0.95): Interval | null {
  if (n === 0) return null;
  const z = normalQuantile(0.5 + confidence / 2);
  const proportion = successes / n;
  const shrinkage = 1 + z ** 2 / n;
  const centre = (proportion + z ** 2 / (2 * n)) / shrinkage;
  const margin = (z / shrinkage) * Math.sqrt((proportion * (1 - proportion)) / n + z ** 2 / (4 * n ** 2));
  // With no or only successes the bound is exactly 0 or 1, which rounding would miss by a hair.
  return [successes === 0 ? 0 : centre - margin, successes === n ? 1 : centre + margin];
}
