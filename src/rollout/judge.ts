import { type RolloutPlan, stepAt, type WatchedMetric } from './plan.ts';
import { describeHarm, describeMeans, describeMissingProof, duration, odds } from './reasons.ts';
import type { Canary, Cause, Decision, EvidenceSummary, MetricSummary } from './state.ts';
import { summarise } from './summary.ts';

type Finding = { readonly cause: Cause; readonly reason: string };

/**
 * What the evidence on a canary says to do. Harm reverts, whatever else is the case. Doubt about harm, about the assignment of users
 * or about telemetry holds. The next step needs its time, its users, and evidence for every metric that it is not inferior.
 *
 * @param now ISO 8601
 */
export function judge(canary: Canary, plan: RolloutPlan, now: string): Decision {
  const evidence = summarise(canary, plan);
  const { hold, revert } = plan.thresholds;
  const harm = harmFindings(evidence, plan, { threshold: revert, cause: 'harm' });
  if (harm.length > 0) return decision('revert', harm, evidence);
  const obstacles = [
    ...harmFindings(evidence, plan, { threshold: hold, cause: 'possible harm' }),
    ...sampleRatioFindings(canary, evidence, plan),
    ...telemetryFindings(canary, plan, now),
    ...dwellFindings(canary, plan, now),
    ...userFindings(canary, evidence, plan),
    ...proofFindings(evidence, plan),
  ];
  if (obstacles.length > 0) return decision('hold', obstacles, evidence);
  const shown = watched(evidence, plan).map(([metric, summary]) => ({
    cause: 'no harm' as const,
    reason: `${describeMeans(metric, summary)}; evidence of no harm ${odds(summary.nonInferiority)}`,
  }));
  return decision('promote', shown, evidence);
}

const alarming: readonly Cause[] = ['harm', 'possible harm', 'sample ratio', 'telemetry'];

/** The causes that somebody should look into; the others only take their time. */
export function alarmsOf(decision: Decision | null): readonly Cause[] {
  return decision?.causes.filter((cause) => alarming.includes(cause)) ?? [];
}

function decision(kind: Decision['kind'], findings: readonly Finding[], evidence: EvidenceSummary): Decision {
  return {
    kind,
    causes: [...new Set(findings.map(({ cause }) => cause))],
    reasons: findings.map(({ reason }) => reason),
    evidence,
  };
}

function watched(
  { metrics }: EvidenceSummary,
  plan: RolloutPlan,
): readonly (readonly [WatchedMetric, MetricSummary])[] {
  return plan.metrics.flatMap((metric) => {
    const summary = metrics[metric.name];
    return summary ? [[metric, summary] as const] : [];
  });
}

function harmFindings(
  evidence: EvidenceSummary,
  plan: RolloutPlan,
  { threshold, cause }: { readonly threshold: number; readonly cause: Cause },
): readonly Finding[] {
  return watched(evidence, plan)
    .filter(([, { harm }]) => harm >= Math.log(threshold))
    .map(([metric, summary]) => ({ cause, reason: describeHarm(metric, summary, threshold) }));
}

function sampleRatioFindings(
  { evidence: { arrivals }, percent }: Canary,
  { sampleRatio }: EvidenceSummary,
  { thresholds }: RolloutPlan,
): readonly Finding[] {
  if (sampleRatio === null || sampleRatio < Math.log(thresholds.sampleRatio)) return [];
  const { canary, control } = arrivals;
  const found = `${canary} of ${canary + control} users got the new version where ${percent} % should`;
  const doubt = 'users are lost or assigned otherwise than intended, so no comparison can be trusted';
  return [{ cause: 'sample ratio', reason: `${found}; evidence ${odds(sampleRatio)}: ${doubt}` }];
}

function telemetryFindings(
  { evidence: { lastObservedAt }, stepSince }: Canary,
  { telemetryTimeout }: RolloutPlan,
  now: string,
): readonly Finding[] {
  const silence = elapsed(lastObservedAt ?? stepSince, now);
  if (silence <= telemetryTimeout) return [];
  const since = lastObservedAt === null ? 'since the rollout began' : `for ${duration(silence)}`;
  return [{ cause: 'telemetry', reason: `no telemetry ${since}` }];
}

function dwellFindings({ percent, stepSince }: Canary, plan: RolloutPlan, now: string): readonly Finding[] {
  const left = (stepAt(plan, percent)?.dwell ?? 0) - elapsed(stepSince, now);
  return left <= 0 ? [] : [{ cause: 'dwell', reason: `${duration(left)} more at ${percent} %` }];
}

function userFindings({ percent }: Canary, evidence: EvidenceSummary, plan: RolloutPlan): readonly Finding[] {
  const least = stepAt(plan, percent)?.leastUsers ?? 0;
  return watched(evidence, plan)
    .filter(([, { counted }]) => counted.canary < least)
    .map(([{ name, from }, { counted }]) => ({
      cause: 'users',
      reason: `${name}: ${counted.canary} of at least ${least} ${from === 'users' ? 'users' : 'calls'} counted with the new version`,
    }));
}

function proofFindings(evidence: EvidenceSummary, plan: RolloutPlan): readonly Finding[] {
  return watched(evidence, plan)
    .filter(([, { nonInferiority }]) => nonInferiority < Math.log(plan.thresholds.promote))
    .map(([metric, summary]) => ({
      cause: 'evidence',
      reason: describeMissingProof(metric, summary, plan),
    }));
}

function elapsed(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}
