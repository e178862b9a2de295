import type { Judgement } from '../../monitoring/judge-window.ts';
import type { DriftAlert, MonitoringAlert, RuleAlert } from '../../monitoring/monitor.ts';
import type { Condition, Rule } from '../../monitoring/rule.ts';
import { terminalText } from '../hostile.ts';
import { countOf, describeP, formatCount, formatSize, formatValue, noNumber, type Unit } from '../numbers.ts';

const units: ReadonlyMap<string, Unit> = new Map([
  ['latency', 'ms'],
  ['tokens', 'tokens'],
  ['answer tokens', 'tokens'],
  ['cost', 'usd'],
]);

/** Of the metrics that are no shares. */
export function unitOf(metric: string): Unit {
  return units.get(metric) ?? 'ratio';
}

/** One line: `colors/default: success is 61.0 % (rule success)`. */
export function alertHeadline(alert: MonitoringAlert): string {
  const { prompt, standing } = alert;
  const state =
    standing.state === 'resolved' ? 'resolved: ' : standing.state === 'pending' ? 'pending: ' : '';
  return terminalText(
    `${prompt}: ${state}${alert.kind === 'rule' ? ruleHeadline(alert) : driftHeadline(alert)}`,
    300,
  );
}

/** What the alert rests on, in numbers, a sentence each, and its times. */
export function alertReasons(alert: MonitoringAlert): readonly string[] {
  const { window, firedAt, resolvedAt } = alert.standing;
  if (window === null) return [];
  return [
    ...alertEvidence(alert),
    ...(firedAt === null ? [] : [`firing since ${moment(firedAt)}`]),
    ...(resolvedAt === null ? [] : [`resolved at ${moment(resolvedAt)}`]),
  ];
}

/** What the alert rests on, without its times. */
export function alertEvidence(alert: MonitoringAlert): readonly string[] {
  const lines = alert.kind === 'rule' ? ruleEvidence(alert) : driftEvidence(alert);
  return lines.map((line) => terminalText(line, 400));
}

/** `2026-03-01 14:00 UTC`; none where there is no moment. */
export function moment(milliseconds: number | null): string {
  if (milliseconds === null) return noNumber;
  return `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function ruleHeadline({ rule, arm, standing }: RuleAlert): string {
  const judgement = standing.window?.judgement;
  const whose = arm === 'canary' ? ' of the version that is rolled out' : '';
  const value = judgement ? formatValue(judgement.value, unitOf(rule.metric)) : noNumber;
  return `${measureName(rule)}${whose} is ${value} (rule ${rule.name})`;
}

function ruleEvidence({ rule, standing }: RuleAlert): readonly string[] {
  const { window } = standing;
  if (window === null) return [];
  const { judgement } = window;
  return [
    `${moment(window.from)} to ${moment(window.to)}, ${countOf(judgement.n, 'user')}: ${comparison(rule, judgement)}`,
    evidence(judgement),
  ];
}

function comparison({ condition, metric }: Rule, { value, baseline, bound }: Judgement): string {
  const unit = unitOf(metric);
  const limit = `it alerts ${conditionWords(condition, unit)}, ${sideOf(condition)} ${formatValue(bound, unit)}`;
  return baseline === null || 'bound' in condition
    ? `${formatValue(value, unit)}; it alerts ${sideOf(condition)} ${formatValue(bound, unit)}`
    : `${formatValue(value, unit)} against ${formatValue(baseline, unit)} in the baseline; ${limit}`;
}

function conditionWords(condition: Condition, unit: Unit): string {
  if ('bound' in condition) return '';
  const { kind, size, isShare } = condition;
  const amount = isShare ? `${Number((100 * size).toPrecision(4))} %` : formatSize(size, unit);
  return `on a ${kind} of more than ${amount}`;
}

function sideOf({ kind }: Condition): string {
  return kind === 'above' || kind === 'rise' ? 'above' : 'below';
}

function evidence({ logEvidence, needed, isJudged }: Judgement): string {
  if (!isJudged) return 'too few users to judge it';
  return `evidence ${odds(logEvidence)} of the ${odds(needed)} that it takes`;
}

/** ln E as odds: `812 to 1`. */
export function odds(logEvidence: number): string {
  return logEvidence > Math.log(1e9)
    ? 'over 1,000,000,000 to 1'
    : `${formatCount(Math.exp(logEvidence))} to 1`;
}

function measureName({ metric, measure }: Rule): string {
  if (measure.of === 'mean') return metric;
  return measure.q === 0.5 ? `median ${metric}` : `p95 of ${metric}`;
}

function driftHeadline({ drift, subject, standing }: DriftAlert): string {
  const found = standing.window?.judgement.drift;
  const whose = subject === null ? '' : ` of ${subject}`;
  if (!found?.isDrifting) return `${drift}${whose}`;
  const shown = found.tests.filter(({ p }) => p <= found.alpha).map(({ of }) => of);
  return `${drift}${whose}: ${[...shown, ...found.newModels.map((model) => `now ${model} answers`)].join(', ')}`;
}

function driftEvidence({ standing }: DriftAlert): readonly string[] {
  const { window } = standing;
  if (window === null) return [];
  const { tests, alpha } = window.judgement.drift;
  return [
    `${moment(window.from)} to ${moment(window.to)} against the time before`,
    ...tests.map(
      ({ of, distance, n, baselineN, p }) =>
        `${of}: distance ${distance.toFixed(2)}, ${countOf(n, 'user')} against ${formatCount(baselineN)}, ${describeP(p)} (it takes ${alpha.toPrecision(1)})`,
    ),
  ];
}
