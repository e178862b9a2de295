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

/** `success: 76.5 % in the canary against 90.2 % in control`. */
export function describeMeans({ name, scale }: WatchedMetric, { mean }: MetricSummary): string {
  if (mean === null) return `${name}: nothing to compare yet`;
  if (scale === null)
    return `${name}: ${share(mean.canary)} in the canary against ${share(mean.control)} in control`;
  const amount = (value: number) => number(scale.worst * (scale.best / scale.worst) ** value);
  return `${name}: ${amount(mean.canary)} in the canary against ${amount(mean.control)} in control (geometric means)`;
}

export function describeHarm(metric: WatchedMetric, summary: MetricSummary, threshold: number): string {
  return `${describeMeans(metric, summary)}; evidence of harm ${odds(summary.harm)}, to act on from ${odds(Math.log(threshold))}`;
}

export function describeMissingProof(
  metric: WatchedMetric,
  summary: MetricSummary,
  { thresholds }: RolloutPlan,
): string {
  const proof = `evidence that it is not ${share(metric.nonInferiority)} worse ${odds(summary.nonInferiority)}`;
  return `${describeMeans(metric, summary)}; ${proof}, needed ${odds(Math.log(thresholds.promote))}`;
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
