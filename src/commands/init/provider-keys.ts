import { readConfiguration } from '../../config/load.ts';
import type { Configuration } from '../../config/schema.ts';
import { axProviders, isAxProvider } from '../../models/ax-providers.ts';
import { reachable } from '../../models/composite/references.ts';
import { findPromptFiles, loadPrompt } from '../../prompts/load.ts';

/** The environment variables with the keys of all models that a repository's configuration and prompts name, sorted. */
export function providerKeys(root: string): string[] {
  const configuration = readConfiguration(root);
  const { task, proposer, judge } = configuration.models;
  const ofMetrics = Object.values(configuration.families)
    .flatMap(({ metrics }) => Object.values(metrics))
    .map((metric) => metric['model']);
  const ofPrompts = findPromptFiles(root).map((file) => loadPrompt(root, file, task).model);
  const references = [task, proposer, judge, ...ofMetrics, ...ofPrompts].filter(
    (reference) => typeof reference === 'string',
  );
  const asked = references.flatMap((reference) => reachable(reference, configuration.composites));
  return [...new Set(asked.flatMap((reference) => keysOf(reference, configuration)))].sort();
}

function keysOf(reference: string, configuration: Configuration): string[] {
  const provider = reference.slice(0, reference.indexOf('/'));
  const { providers } = configuration;
  const config = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (config?.apiKeyEnv !== undefined) return [config.apiKeyEnv];
  const type = config?.type ?? provider;
  if (!isAxProvider(type)) return [];
  const { needsKey, apiKeyEnv } = axProviders[type];
  return needsKey ? [apiKeyEnv[0]] : [];
}
