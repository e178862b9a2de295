import { openOtlpFiles } from '../telemetry/otlp/files.ts';
import type { TelemetrySource } from '../telemetry/source.ts';
import type { Workspace } from './workspace.ts';

/** Where the configuration says that telemetry comes from. */
export function sourcesOf({ root, configuration }: Workspace): readonly TelemetrySource[] {
  return configuration.telemetry.sources.map((source) => openOtlpFiles(root, source.path));
}
