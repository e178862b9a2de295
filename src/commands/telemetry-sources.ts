import type { Configuration } from '../config/schema.ts';
import { openOtlpFiles } from '../telemetry/otlp/files.ts';
import { openPostgres } from '../telemetry/postgres/read-postgres.ts';
import type { TelemetrySource } from '../telemetry/source.ts';
import { openStore } from '../telemetry/store/read-store.ts';
import type { Host } from './context.ts';
import type { Workspace } from './workspace.ts';

/** Where the configuration says that telemetry comes from; its secrets are in the environment. */
export function sourcesOf(
  { root, configuration }: Workspace,
  environment: Host['environment'],
): readonly TelemetrySource[] {
  return configuration.telemetry.sources.map((source) => open(root, source, environment));
}

function open(
  root: string,
  source: Configuration['telemetry']['sources'][number],
  environment: Host['environment'],
): TelemetrySource {
  switch (source.type) {
    case 'otlp-file':
      return openOtlpFiles(root, source.path);
    case 'store':
      return openStore(root, source.path);
    case 'postgres':
      return openPostgres({ ...source, url: environment[source.urlEnv] });
  }
}
