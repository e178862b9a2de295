import { configurationFile } from '../../config/load.ts';
import { inputError, type PromptlineError } from '../../errors.ts';
import type { Host } from '../context.ts';
import type { Monitored } from '../monitor.ts';
import { type Told, tell } from '../monitoring/tell.ts';
import { openRepositoryHost } from '../repository-host.ts';
import type { Workspace } from '../workspace.ts';

/** Who was told of what, and what kept others from it. */
export type Telling = { readonly told: readonly Told[]; readonly problems: readonly PromptlineError[] };

/**
 * Tells of the alerts of every prompt that is monitored.
 *
 * @throws {PromptlineError} where no telemetry is configured, or GitHub cannot be asked
 */
export async function tellOfAlerts(
  host: Host,
  { root, configuration }: Workspace,
  monitored: Monitored | null,
): Promise<Telling> {
  if (monitored === null)
    throw inputError('no telemetry is configured', 'Name it under `telemetry.sources`', {
      file: configurationFile,
    });
  const { report } = monitored;
  const alerts = report.prompts.flatMap((prompt) => prompt.alerts);
  return tell(alerts, configuration.alerts, {
    host: await openRepositoryHost(host, root),
    environment: host.environment,
    now: report.at,
  });
}
