import { findRoot, readConfiguration } from '../../config/load.ts';
import type { Configuration } from '../../config/schema.ts';
import { axProviders } from '../../models/ax-providers.ts';
import { secretsIn } from '../../telemetry/postgres/url-secrets.ts';
import { attempt } from '../attempt.ts';

const usualNames = Object.values(axProviders).flatMap(({ apiKeyEnv }) => apiKeyEnv);

/**
 * The secrets that a job's environment holds: keys of providers, under their usual names and under those that the configuration gives, and
 * keys and addresses of sources of telemetry. A runner hides secrets of the repository by itself, not a key that a step before made.
 * @param folder of promptline.yaml, or one below it; where it cannot be read only usual names count
 */
export function configuredSecrets(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): readonly string[] {
  const found = attempt(() => readConfiguration(findRoot(folder)));
  const { keys, urls } = 'value' in found ? namesIn(found.value) : { keys: [], urls: [] };
  const valuesOf = (names: readonly (string | undefined)[]) =>
    names.map((name) => (name === undefined ? '' : (environment[name] ?? '').trim()));
  const values = [...valuesOf([...usualNames, ...keys]), ...valuesOf(urls).flatMap(secretsIn)];
  return [...new Set(values)].filter((value) => value !== '');
}

/** Of the variables that hold a key, and of those that hold the URL of a database, with a password in it. */
function namesIn({ providers, telemetry: { sources } }: Configuration) {
  return {
    keys: [
      ...Object.values(providers).map(({ apiKeyEnv }) => apiKeyEnv),
      ...sources.flatMap((source) =>
        source.type === 'prometheus' ? [source.tokenEnv, source.basicAuthEnv] : [],
      ),
    ],
    urls: sources.flatMap((source) => (source.type === 'postgres' ? [source.urlEnv] : [])),
  };
}
