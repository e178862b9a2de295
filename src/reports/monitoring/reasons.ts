import type { PerformanceDrop } from '../../monitoring/due.ts';
import type { DriftAlert } from '../../monitoring/monitor.ts';
import { terminalText } from '../hostile.ts';
import { countOf, formatDuration, formatValue } from '../numbers.ts';
import { alertHeadline, alertReasons, moment, odds, unitOf } from './alert-text.ts';

/** A reason in words and in numbers. */
type Worded = { readonly text: string; readonly evidence: Readonly<Record<string, unknown>> };

/** `success fell by 22.1 %: from 95.0 % to 74.0 %, 410 users from ... to ..., evidence 812 to 1`. */
export function dropReason(drop: PerformanceDrop): Worded {
  const { metric, value, baseline, n, logEvidence, needed, from, to } = drop;
  const unit = unitOf(metric);
  const share = `${(100 * (1 - value / baseline)).toFixed(1)} %`;
  const text = [
    `${metric} fell by ${share}: from ${formatValue(baseline, unit)} in the baseline to ${formatValue(value, unit)}`,
    `${countOf(n, 'user')} from ${moment(from)} to ${moment(to)}`,
    `evidence ${odds(logEvidence)} of the ${odds(needed)} that it takes`,
  ].join('; ');
  const times = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  return { text: terminalText(text, 500), evidence: { ...drop, ...times } };
}

/** `users said 0.31 of 1 on average in 64 feedback items; 50 below 0.5 are enough`. */
export function feedbackReason(
  said: { readonly n: number; readonly mean: number },
  { items, below }: { readonly items: number; readonly below: number },
): Worded {
  const text = `${countOf(said.n, 'feedback item')} with a mean of ${said.mean.toFixed(2)}; ${items} with a mean under ${below} make it due`;
  return { text, evidence: { ...said, items, below } };
}

/** The headline and the numbers of drift that fires. */
export function driftReason(alert: DriftAlert): Worded {
  const found = alert.standing.window?.judgement.drift;
  const headline = alertHeadline(alert).slice(`${alert.prompt}: `.length);
  return { text: [headline, ...alertReasons(alert)].join('; '), evidence: { ...found } };
}

/** Null where it is not yet time. */
export function scheduleReason(last: number, schedule: number, now: number): Worded | null {
  if (now - last < schedule) return null;
  const text = `it was last measured or proposed ${formatDuration(now - last)} ago, on ${moment(last)}; it is due every ${formatDuration(schedule)}`;
  return { text, evidence: { last: new Date(last).toISOString(), schedule } };
}
