import { type Forecast, forecast, type Traffic } from '../../rollout/forecast.ts';
import type { RolloutPlan } from '../../rollout/plan.ts';
import { markdownText } from '../hostile.ts';
import { table } from '../markdown/blocks.ts';
import { formatCount, formatDuration } from '../numbers.ts';

/**
 * What a rollout by this plan can promise at this traffic, as Markdown: how soon which drop is noticed at which step, and how often a
 * good version is stopped by mistake.
 */
export function renderRolloutPlan(plan: RolloutPlan, traffic: Traffic): string {
  const forecasts = forecast(plan, traffic);
  const missing = plan.metrics.filter(({ name }) => !forecasts.some(({ metric }) => metric === name));
  return `${[
    ...(plan.metrics.some(({ from }) => from === 'users')
      ? [
          `At ${perMinute(traffic.usersPerMinute)} new users a minute. A user counts once; whoever comes back brings no new evidence.`,
        ]
      : []),
    ...calls(plan, traffic),
    ...errorRates(plan),
    ...(forecasts.length > 0 ? [forecastTable(plan, forecasts)] : []),
    ...missing.map(
      ({ name }) =>
        `No forecast for ${markdownText(name, 80)}: its usual value is not known, or the worst there is.`,
    ),
    'Each cell: canary users and time until the rollout holds, then until it reverts, on average for a yes-or-no metric; others need fewer. Half of all rollouts notice somewhat sooner, one in ten takes about twice as long.',
  ].join('\n\n')}\n`;
}

/** Metrics whose cells are of calls. */
function calls({ metrics }: RolloutPlan, { callsPerMinute = {} }: Traffic): readonly string[] {
  return metrics
    .filter(({ from }) => from === 'counters')
    .map(({ name }) => {
      const known = Object.hasOwn(callsPerMinute, name) ? callsPerMinute[name] : undefined;
      const rate = known === undefined ? 'as many as users' : `${perMinute(known)} a minute`;
      return `${markdownText(name, 80)} is counted in calls, ${rate}. They are taken as independent: one user's are not, and the rates of errors below do not hold for it.`;
    });
}

/** Few are told to two digits: what follows is reckoned from them. */
function perMinute(count: number): string {
  return count < 10 ? String(Number(count.toPrecision(2))) : formatCount(count);
}

function errorRates({ metrics, holdConfidence, revertConfidence }: RolloutPlan): readonly string[] {
  const together = metrics.length === 1 ? '' : `, its ${metrics.length} metrics together`;
  return [
    `Of good versions at most ${rest(revertConfidence)} are ever reverted by mistake and at most ${rest(holdConfidence)} ever held${together}, however long and often they are watched (revertConfidence ${revertConfidence}, holdConfidence ${holdConfidence}). Of versions that are as bad as nonInferiority allows or worse, at most ${rest(revertConfidence)} ever get to the next step.`,
  ];
}

function forecastTable(plan: RolloutPlan, forecasts: readonly Forecast[]): string {
  const steps = plan.steps.filter(({ percent }) => percent < 100);
  const rows = Object.values(Object.groupBy(forecasts, ({ metric, drop }) => `${drop} ${metric}`)).flatMap(
    (row) => {
      const [first] = row ?? [];
      if (!row || !first) return [];
      return [[markdownText(first.metric, 80), share(first.drop), ...row.map(cell)]];
    },
  );
  const columns = ['metric', 'drop', ...steps.map(({ percent }) => `at ${percent} %`)];
  return table(
    columns.map((name, index) => ({ name, numeric: index > 0 })),
    rows,
  );
}

function cell({ hold, revert }: Forecast): string {
  if (!Number.isFinite(revert.users)) return 'within the tolerance';
  return `${until(hold)}; ${until(revert)}`;
}

function until({ users, minutes }: Forecast['hold']): string {
  const time = Number.isFinite(minutes) ? formatDuration(minutes * 60_000) : 'never';
  return `${formatCount(Math.ceil(users))} in ${time}`;
}

function share(ratio: number): string {
  return `${Number((100 * ratio).toFixed(1))} %`;
}

function rest(confidence: number): string {
  return share(1 - confidence);
}
