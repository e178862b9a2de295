import { type Command, InvalidArgumentError, Option } from 'commander';
import { duration, millisecondsOf } from '../../config/duration.ts';
import { inputError } from '../../errors.ts';
import { renderRolloutPlan } from '../../reports/rollout/plan.ts';
import { describeTelemetry } from '../../reports/rollout/progress.ts';
import { forecast, type Traffic } from '../../rollout/forecast.ts';
import { planOf, type RolloutPlan } from '../../rollout/plan.ts';
import type { PriceOf } from '../../telemetry/priced-calls.ts';
import { measureTraffic } from '../../telemetry/traffic.ts';
import { amount, type CommonOptions, examples, withCommonOptions } from '../command-options.ts';
import { type Context, type Host, workspaceOf } from '../context.ts';
import { watchedPrices } from '../prices.ts';
import { rolloutConfigurationOf, withStateBranch } from '../rollouts/open.ts';
import { loadRollouts, stateOf } from '../rollouts/state-files.ts';
import { counterSourcesOf, sourcesOf } from '../telemetry-sources.ts';
import type { Workspace } from '../workspace.ts';

type PlanOptions = CommonOptions & {
  usersPerMinute?: number;
  usual: Readonly<Record<string, number>>;
  last: number;
};

/** `promptline rollout plan`. */
export function addRolloutPlan(rollout: Command, { host }: Context): void {
  withCommonOptions(rollout.command('plan'))
    .description('how soon a rollout notices which drop, at your own traffic, and how often it errs')
    .argument('[id]', 'the prompt whose traffic is measured, as family/name')
    .option('--users-per-minute <n>', 'plan for this traffic, in place of what telemetry shows', amount)
    .addOption(
      new Option('--usual <metric=value>', 'a usual value, as success=0.9 or latency=1200')
        .argParser(usual)
        .default({}, 'what telemetry shows'),
    )
    .addOption(
      new Option('--last <time>', 'measure the traffic of so long')
        .argParser(time)
        .default(millisecondsOf('24h'), '24h'),
    )
    .addHelpText(
      'after',
      examples(
        'promptline rollout plan query_processing/default',
        'promptline rollout plan --users-per-minute 300 --usual success=0.9',
      ),
    )
    .action(async (id: string | undefined, options: PlanOptions) => {
      const workspace = workspaceOf(host, options);
      const plan = planOf(rolloutConfigurationOf(workspace));
      requireWatched(Object.keys(options.usual), plan);
      const priceOf = watchedPrices(host, workspace, plan);
      const traffic = await trafficOf(host, workspace, { id, plan, priceOf, ...options });
      if (options.json) {
        const { holdConfidence, revertConfidence } = plan;
        const errorRates = { held: 1 - holdConfidence, reverted: 1 - revertConfidence };
        const forecasts = forecast(plan, traffic);
        const document = { schema: 1, command: 'rollout plan', traffic, errorRates, forecasts };
        host.terminal.out(`${JSON.stringify(document)}\n`);
      } else host.terminal.out(renderRolloutPlan(plan, traffic));
    });
}

async function trafficOf(
  host: Host,
  workspace: Workspace,
  options: PlanOptions & {
    readonly id: string | undefined;
    readonly plan: RolloutPlan;
    readonly priceOf: PriceOf | null;
  },
): Promise<Traffic> {
  const { id, priceOf, usersPerMinute: given } = options;
  if (id === undefined) {
    if (given !== undefined) return { usersPerMinute: given, usual: options.usual };
    throw inputError(
      'no traffic is known',
      'Name a prompt whose telemetry is measured, or give --users-per-minute and --usual',
    );
  }
  const { stable } = stateOf(await withStateBranch(host, workspace, loadRollouts), id);
  if (!stable)
    throw inputError(`nothing of "${id}" was released`, 'Give --users-per-minute and --usual without it');
  const now = host.terminal.now();
  const measured = await measureTraffic(sourcesOf(workspace, host.environment), {
    prompt: id,
    version: stable.version,
    since: now - options.last,
    now,
    window: millisecondsOf(workspace.configuration.telemetry.joinWindow),
    priceOf,
    counterSources: counterSourcesOf(workspace, host, options.plan),
  });
  host.terminal.note(`${id} ${stable.version}: ${describeTelemetry(measured)}`);
  const usersPerMinute = given ?? measured.usersPerMinute;
  const { callsPerMinute } = measured;
  return {
    usersPerMinute,
    usual: { ...measured.usual, ...options.usual },
    ...(given === undefined && { callsPerMinute }),
  };
}

function requireWatched(given: readonly string[], { metrics }: RolloutPlan): void {
  const watched = metrics.map(({ name }) => name);
  for (const metric of given)
    if (!watched.includes(metric))
      throw inputError(
        `rollouts watch no "${metric}"`,
        `Give a usual value of one of: ${watched.join(', ')}`,
      );
}

function usual(text: string, before: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const [, metric, value] = /^([^=]+)=(\d*\.?\d+)$/.exec(text) ?? [];
  if (metric === undefined || value === undefined)
    throw new InvalidArgumentError('Give a metric and its value, as success=0.9.');
  return { ...before, [metric]: Number(value) };
}

function time(text: string): number {
  if (!duration.safeParse(text).success) throw new InvalidArgumentError('Give a time as 30m or 24h.');
  return millisecondsOf(text);
}
