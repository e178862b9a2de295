import type { RolloutPlan } from '../rollout/plan.ts';
import type { CounterSource } from '../telemetry/counter-source.ts';
import { openOtlpFiles } from '../telemetry/otlp/files.ts';
import { openPrometheus } from '../telemetry/prometheus/open.ts';
import type { TelemetrySource } from '../telemetry/source.ts';
import type { Host } from './context.ts';
import type { Workspace } from './workspace.ts';

/** Where the configuration says that telemetry of calls comes from. */
export function sourcesOf({ root, configuration }: Workspace): readonly TelemetrySource[] {
  return configuration.telemetry.sources.flatMap((source) =>
    source.type === 'otlp-file' ? [openOtlpFiles(root, source.path)] : [],
  );
}

/**
 * Where the configuration says that calls are counted without users, for the metrics that a plan watches so.
 *
 * @throws {PromptlineError} where a secret is not set
 */
export function counterSourcesOf(
  { configuration }: Workspace,
  { environment }: Pick<Host, 'environment'>,
  { metrics }: RolloutPlan,
): readonly CounterSource[] {
  const watched = new Set(metrics.flatMap(({ name, from }) => (from === 'counters' ? [name] : [])));
  return configuration.telemetry.sources.flatMap((source) =>
    source.type === 'prometheus'
      ? openPrometheus(source, environment).filter(({ metric }) => watched.has(metric))
      : [],
  );
}
