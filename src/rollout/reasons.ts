import { amountAt } from '../statistics/log-scale.ts';
import type { RolloutPlan, WatchedMetric } from './plan.ts';
import type { MetricSummary } from './state.ts';

/*
 * Decisions in words. Evidence E is a wager won: starting from 1, a bet against the null hypothesis multiplied its stake by E, so
 * "20 to 1" is as surprising as a chance of 1 in 20 at most.
 */

/** `20 to 1`, `1 to 3`, `over 1,000,000 to 1`. */
export function odds(logEvidence: number): string {
  const size = Math.exp(Math.abs(logEvidence));
  const amount = size >= 1e6 ? '1,000,000' : number(size);
  const [more, less] = [size >= 1e6 ? 'over ' : '', number(1)];
  return logEvidence >= 0 ? `${more}${amount} to ${less}` : `${less} to ${more}${amount}`;
}

/** What amounts are counted in, by the name of their metric. */
const units: Readonly<Record<string, string>> = { latency: ' ms', cost: ' dollars' };

/** A metric's mean as people know it: `76.5 %`, `812 ms`, `0.0041 dollars`. */
export function describeMean({ name, scale }: Pick<WatchedMetric, 'name' | 'scale'>, mean: number): string {
  if (scale === null) return share(mean);
  return `${number(amountAt(mean, scale))}${(Object.hasOwn(units, name) && units[name]) || ''}`;
}

/** `success: 76.5 % with the new version, 90.2 % with the stable one`. */
export function describeMeans(metric: WatchedMetric, { mean }: MetricSummary): string {
  const { name, scale } = metric;
  if (mean === null) return `${name}: nothing to compare yet`;
  const [canary, control] = [describeMean(metric, mean.canary), describeMean(metric, mean.control)];
  const kind = scale === null ? '' : ' (geometric means)';
  return `${name}: ${canary} with the new version, ${control} with the stable one${kind}`;
}

export function describeHarm(metric: WatchedMetric, summary: MetricSummary, threshold: number): string {
  return `${describeMeans(metric, summary)}; evidence of harm ${odds(summary.harm)}, where ${odds(Math.log(threshold))} is enough`;
}

export function describeMissingProof(
  metric: WatchedMetric,
  summary: MetricSummary,
  { thresholds }: RolloutPlan,
): string {
  const margin = `${Number((100 * metric.nonInferiority).toFixed(1))} %`;
  const proof = `evidence of no harm (not ${margin} worse) ${odds(summary.nonInferiority)}`;
  return `${describeMeans(metric, summary)}; ${proof}, where ${odds(Math.log(thresholds.promote))} is needed`;
}

/** `12.3 %`. */
function share(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}

/** `45 s`, `12 min`, `3 h`. */
export function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}

function number(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : Math.min(8, 1 - Math.floor(Math.log10(value)));
  return Number(value.toFixed(Math.max(0, digits))).toLocaleString('en-US', { maximumFractionDigits: 8 });
}
