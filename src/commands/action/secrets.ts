import { findRoot, readConfiguration } from '../../config/load.ts';
import type { Configuration } from '../../config/schema.ts';
import { axProviders } from '../../models/ax-providers.ts';
import { attempt } from '../attempt.ts';

const usualNames = Object.values(axProviders).flatMap(({ apiKeyEnv }) => apiKeyEnv);

/**
 * The keys that a job's environment holds: of providers, under their usual names and under those that the configuration gives, and of
 * sources of telemetry. A runner hides secrets of the repository by itself, not a key that a step before made.
 * @param folder of promptline.yaml, or one below it; where it cannot be read only usual names count
 */
export function configuredSecrets(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): readonly string[] {
  const found = attempt(() => readConfiguration(findRoot(folder)));
  const names = [...usualNames, ...('value' in found ? namesIn(found.value) : [])];
  const values = names.map((name) => (name === undefined ? '' : (environment[name] ?? '').trim()));
  return [...new Set(values)].filter((value) => value !== '');
}

function namesIn({ providers, telemetry }: Configuration): readonly (string | undefined)[] {
  return [
    ...Object.values(providers).map(({ apiKeyEnv }) => apiKeyEnv),
    ...telemetry.sources.flatMap((source) =>
      source.type === 'prometheus' ? [source.tokenEnv, source.basicAuthEnv] : [],
    ),
  ];
}
