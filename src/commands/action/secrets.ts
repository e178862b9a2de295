import { findRoot, readConfiguration } from '../../config/load.ts';
import { axProviders } from '../../models/ax-providers.ts';
import { attempt } from '../attempt.ts';

const usualNames = Object.values(axProviders).flatMap(({ apiKeyEnv }) => apiKeyEnv);

/**
 * The provider keys that a job's environment holds, under their usual names and under those that the configuration gives. A runner hides
 * secrets of the repository by itself, not a key that a step before made.
 * @param folder of promptline.yaml, or one below it; where it cannot be read only usual names count
 */
export function providerSecrets(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
): readonly string[] {
  const found = attempt(() => readConfiguration(findRoot(folder)));
  const providers = 'value' in found ? Object.values(found.value.providers) : [];
  const names = [...usualNames, ...providers.map(({ apiKeyEnv }) => apiKeyEnv)];
  const values = names.map((name) => (name === undefined ? '' : (environment[name] ?? '').trim()));
  return [...new Set(values)].filter((value) => value !== '');
}
