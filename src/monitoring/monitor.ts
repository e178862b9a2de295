import { millisecondsOf } from '../config/duration.ts';
import type { MonitoringConfiguration } from '../config/monitoring.ts';
import { follow, type Spoken, type Standing } from './alerts.ts';
import { type Drift, inputShift, modelDrift } from './drift.ts';
import { followedWindows, followRule, sinceOf } from './follow-rule.ts';
import type { Judgement } from './judge-window.ts';
import type { ObservedCall } from './observed-call.ts';
import { type Rule, ruleOf } from './rule.ts';
import { summariesOf, type WindowSummary } from './summaries.ts';
import type { PromptTraffic } from './traffic.ts';
import { unitsOf, windowOf } from './units.ts';

/** Where one rule stands for one prompt. */
export type RuleAlert = {
  readonly kind: 'rule';
  readonly prompt: string;
  readonly rule: Rule;
  /** Whose calls: those of users of the stable version, or of the one that is rolled out. */
  readonly arm: 'stable' | 'canary';
  readonly standing: Standing<Judgement>;
};

/** Where drift of one kind stands for one prompt. */
export type DriftAlert = {
  readonly kind: 'drift';
  readonly prompt: string;
  readonly drift: Drift['kind'];
  /** The version and model that drifted; null for inputs. */
  readonly subject: string | null;
  readonly standing: Standing<DriftJudgement>;
};

type DriftJudgement = Spoken & { readonly drift: Drift };

export type MonitoringAlert = RuleAlert | DriftAlert;

export type PromptMonitoring = {
  readonly prompt: string;
  /** By version and model: the last full hour, the last day, and the baseline before that day. */
  readonly windows: readonly WindowSummary[];
  readonly alerts: readonly MonitoringAlert[];
};

/** What production did, and what of it is wrong. */
export type MonitoringReport = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly since: number;
  /** Mistaken alerts in 1,000 days, at most. */
  readonly falseAlarms: number;
  readonly prompts: readonly PromptMonitoring[];
};

export type MonitorRequest = {
  readonly configuration: MonitoringConfiguration;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long after a call its scores may come, milliseconds. */
  readonly joinWindow: number;
};

const [HOUR, DAY] = [3_600_000, 86_400_000];
const arms = ['stable', 'canary'] as const;
/** Drift fires at once, and is resolved by two windows without. */
const driftFollowing = { sustained: 1, resolved: 2 };

/** Milliseconds since 1970 from which telemetry is needed. */
export function monitoredSince({
  configuration,
  now,
}: Pick<MonitorRequest, 'configuration' | 'now'>): number {
  const baseline = millisecondsOf(configuration.baseline);
  const rules = rulesOf(configuration).map((rule) => sinceOf(rule, baseline, now));
  const drift = sinceOf(
    { ...driftFollowing, window: millisecondsOf(configuration.drift.window) },
    baseline,
    now,
  );
  return Math.min(...rules, drift, now - DAY - baseline);
}

/**
 * Says what production did in the last hour, the last day and before, and where each rule and drift stand. Everything follows from the
 * traffic and the time: nothing is remembered from one look to the next, so that looks can neither race nor be lost.
 *
 * @param traffic since {@link monitoredSince}, of every prompt that is monitored, whichever are asked for
 */
export function monitor(
  traffic: ReadonlyMap<string, PromptTraffic>,
  request: MonitorRequest,
): MonitoringReport {
  const { configuration, now } = request;
  const rules = rulesOf(configuration);
  const perDay = configuration.falseAlarms / 1000;
  // Half of the mistakes for rules, half for drift; expected numbers add up whatever depends on what.
  const rulesPerDay = perDay / 2 / Math.max(1, rules.length * traffic.size * arms.length);
  const driftPerDay = perDay / 2 / Math.max(1, 2 * traffic.size);
  return {
    at: now,
    since: monitoredSince(request),
    falseAlarms: configuration.falseAlarms,
    prompts: [...traffic].map(([prompt, { calls, share }]) => ({
      prompt,
      windows: windowsOf(calls, share, request),
      alerts: [
        ...rules.flatMap((rule) => ruleAlerts(prompt, calls, rule, { ...request, perDay: rulesPerDay })),
        ...driftAlerts(prompt, calls, { ...request, perDay: driftPerDay }),
      ],
    })),
  };
}

type Judging = MonitorRequest & { readonly perDay: number };

function ruleAlerts(
  prompt: string,
  calls: readonly ObservedCall[],
  rule: Rule,
  { configuration, now, joinWindow, perDay }: Judging,
): readonly RuleAlert[] {
  const { metric, window } = rule;
  const windows = unitsOf(calls, { metric, window, unit: configuration.unit });
  return arms.map((arm) => {
    const standing = followRule(windows, rule, arm, {
      now,
      joinWindow,
      baseline: millisecondsOf(configuration.baseline),
      alpha: alphaOf(perDay, window),
      seed: `${prompt} ${rule.name} ${arm}`,
    });
    return { kind: 'rule', prompt, rule, arm, standing };
  });
}

function driftAlerts(
  prompt: string,
  calls: readonly ObservedCall[],
  judging: Judging,
): readonly DriftAlert[] {
  const { configuration, now, joinWindow, perDay } = judging;
  const { tolerance, leastSamples } = configuration.drift;
  const length = millisecondsOf(configuration.drift.window);
  const count = followedWindows({ ...driftFollowing, window: length });
  const found = Array.from({ length: count }, (_, index) => {
    const from = windowOf(now, length) - (count - 1 - index) * length;
    const to = from + length;
    // A distance of distributions is tested once: when its window is over.
    if (to + joinWindow > now) return [];
    const baseline = millisecondsOf(configuration.baseline);
    const request = { from, to, baseline, tolerance, leastSamples, alpha: alphaOf(perDay, length) };
    const inputs = inputShift(calls, request);
    return [...(inputs ? [inputs] : []), ...modelDrift(calls, request)];
  }).flat();
  const groups = Map.groupBy(found, ({ kind, subject }) => JSON.stringify([kind, subject]));
  return [...groups.values()].flatMap((drifts): DriftAlert[] => {
    const [first] = drifts;
    if (!first) return [];
    const windows = drifts.map((drift) => ({
      from: drift.from,
      to: drift.to,
      isOver: true,
      judgement: spoken(drift),
    }));
    const standing = follow(windows, driftFollowing);
    return [{ kind: 'drift', prompt, drift: first.kind, subject: first.subject, standing }];
  });
}

function spoken(drift: Drift): DriftJudgement {
  const { isDrifting, to } = drift;
  return { drift, provenAt: isDrifting ? to : null, isJudged: true, isRight: !isDrifting };
}

/** The chance of a mistake in one window; never so large that a bet would be over before it begins. */
function alphaOf(perDay: number, window: number): number {
  return Math.min(0.5, (perDay * window) / DAY);
}

function windowsOf(
  calls: readonly ObservedCall[],
  share: number,
  { configuration, now }: MonitorRequest,
): readonly WindowSummary[] {
  const hour = windowOf(now, HOUR);
  const baseline = millisecondsOf(configuration.baseline);
  return [
    { from: hour - HOUR, to: hour },
    { from: hour - DAY, to: hour },
    { from: hour - DAY - baseline, to: hour - DAY },
  ].flatMap(({ from, to }) => summariesOf(calls, { from, to, share }));
}

function rulesOf({ rules }: MonitoringConfiguration): readonly Rule[] {
  return Object.entries(rules).map(([name, configured]) => ruleOf(name, configured));
}
