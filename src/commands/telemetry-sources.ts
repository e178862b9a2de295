import type { Configuration } from '../config/schema.ts';
import type { RolloutPlan } from '../rollout/plan.ts';
import type { CounterSource } from '../telemetry/counter-source.ts';
import { openOtlpFiles } from '../telemetry/otlp/files.ts';
import { openPostgres } from '../telemetry/postgres/read-postgres.ts';
import { openPrometheus } from '../telemetry/prometheus/open.ts';
import type { TelemetrySource } from '../telemetry/source.ts';
import { openStore } from '../telemetry/store/read-store.ts';
import type { Host } from './context.ts';
import type { Workspace } from './workspace.ts';

/** Where the configuration says that telemetry of calls comes from; its secrets are in the environment. */
export function sourcesOf(
  { root, configuration }: Workspace,
  environment: Host['environment'],
): readonly TelemetrySource[] {
  return configuration.telemetry.sources
    .map((source) => open(root, source, environment))
    .filter((source) => source !== null);
}

/** Null for a source that knows no calls. */
function open(
  root: string,
  source: Configuration['telemetry']['sources'][number],
  environment: Host['environment'],
): TelemetrySource | null {
  switch (source.type) {
    case 'otlp-file':
      return openOtlpFiles(root, source.path);
    case 'store':
      return openStore(root, source.path);
    case 'postgres':
      return openPostgres({ ...source, url: environment[source.urlEnv] });
    case 'prometheus':
      return null;
  }
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
