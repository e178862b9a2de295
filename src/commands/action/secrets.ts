import { findRoot, readConfiguration } from '../../config/load.ts';
import { axProviders } from '../../models/ax-providers.ts';
import { secretsIn } from '../../telemetry/postgres/url-secrets.ts';
import { attempt } from '../attempt.ts';

const usualNames = Object.values(axProviders).flatMap(({ apiKeyEnv }) => apiKeyEnv);

/**
 * The secrets that a job's environment holds: keys of providers, under their usual names and under those that the configuration gives, and
 * the addresses of databases. A runner hides secrets of the repository by itself, not a key that a step before made.
 * @param folder of promptline.yaml, or one below it; where it cannot be read only usual names count
 */
export function secretsOf(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): readonly string[] {
  const found = attempt(() => readConfiguration(findRoot(folder)));
  const providers = 'value' in found ? Object.values(found.value.providers) : [];
  const sources = 'value' in found ? found.value.telemetry.sources : [];
  const keys = valuesOf([...usualNames, ...providers.map(({ apiKeyEnv }) => apiKeyEnv)]);
  const urls = valuesOf(sources.map((source) => (source.type === 'postgres' ? source.urlEnv : undefined)));
  return [...new Set([...keys, ...urls.flatMap(secretsIn)])].filter((value) => value !== '');

  function valuesOf(names: readonly (string | undefined)[]): readonly string[] {
    return names.map((name) => (name === undefined ? '' : (environment[name] ?? '').trim()));
  }
}
