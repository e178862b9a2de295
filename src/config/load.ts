import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { inputError, PromptlineError } from '../errors.ts';
import { describeIssues, type Places } from '../files/issues.ts';
import { nearest } from '../files/nearest.ts';
import { readText } from '../files/read-write.ts';
import { combineErrors, validateYaml, yamlPlaces } from '../files/validate.ts';
import { locateKey, parseYaml, refuseEmpty, type YamlSource } from '../files/yaml-source.ts';
import type { MetricTools } from '../metrics/definition.ts';
import type { Metric } from '../metrics/metric.ts';
import { createMetric, metricDefinitions } from '../metrics/registry.ts';
import {
  type Configuration,
  configurationSchema,
  type FamilyConfiguration,
  type GateConfiguration,
  metricEntry,
} from './schema.ts';

export const configurationFile = 'promptline.yaml';

/** One metric of a family, ready to score. */
export type FamilyMetric = {
  readonly metric: Metric;
  /** Share in the objective; 0 is reported only. */
  readonly weight: number;
  readonly gate: GateConfiguration;
};

/** The folder of the nearest promptline.yaml, looking upwards from `start`. */
export function findRoot(start: string): string {
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, configurationFile))) return folder;
    if (path.dirname(folder) === folder) {
      throw inputError(
        'there is none here or in a folder above',
        'Run in a repository that has one, or name its folder with --root',
        { file: configurationFile },
      );
    }
  }
}

/** Reads and checks promptline.yaml, the metrics, their options and the files they read included. */
export function loadConfiguration(root: string, tools: MetricTools): Configuration {
  const { source, configuration } = read(root);
  for (const [name, family] of Object.entries(configuration.families)) {
    for (const metric of Object.keys(family.metrics)) {
      checkMetric(source, ['families', name, 'metrics', metric], { name: metric, family, tools });
    }
  }
  return configuration;
}

/** Reads promptline.yaml without making its metrics: enough to know what it says. */
export function readConfiguration(root: string): Configuration {
  return read(root).configuration;
}

function read(root: string): { source: YamlSource; configuration: Configuration } {
  const file = path.join(root, configurationFile);
  if (!existsSync(file)) {
    throw inputError(`there is none in ${root}`, 'Name its folder with --root', { file: configurationFile });
  }
  const source = parseYaml(configurationFile, readText(file, configurationFile));
  refuseEmpty(source, 'Write at least `families:`');
  return { source, configuration: validateYaml(configurationSchema, source) };
}

/** The metrics a family measures one of its prompts by, in the order of the file. `prompt` is its name without the family. */
export function familyMetrics(
  family: FamilyConfiguration,
  prompt: string,
  tools: MetricTools,
): FamilyMetric[] {
  return Object.entries(family.metrics)
    .filter(([, { prompts }]) => prompts === undefined || prompts.includes(prompt))
    .map(([name]) => familyMetric(name, family, tools));
}

/** The configuration of a prompt's family; an unknown one is named with the nearest known. */
export function familyOf(
  configuration: Configuration,
  name: string,
  promptPath: string,
): FamilyConfiguration {
  const family = Object.hasOwn(configuration.families, name) ? configuration.families[name] : undefined;
  if (family) return family;
  const known = Object.keys(configuration.families);
  const guess = nearest(name, known);
  throw inputError(
    `family "${name}" is not in ${configurationFile}`,
    guess ? `Did you mean "${guess}"?` : `Add it under families; there are: ${known.join(', ') || 'none'}`,
    { file: promptPath },
  );
}

/** Makes the metric once, so that what is wrong with it is said with its place in the file. */
function checkMetric(
  source: YamlSource,
  path: readonly string[],
  { name, family, tools }: { name: string; family: FamilyConfiguration; tools: MetricTools },
): void {
  const { use, options } = partsOf(name, family);
  const definition = metricDefinitions.get(use);
  if (definition) checkOptions(definition.options, options, yamlPlaces(source, path));
  try {
    familyMetric(name, family, tools);
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    throw inputError(error.message, error.hint, locateKey(source, path.slice(0, -1), name));
  }
}

/** Options are checked without the keys that every metric has; who misspells one of those is told of both. */
function checkOptions(schema: z.ZodType, options: unknown, places: Places): void {
  const { error } = schema.safeParse(options);
  if (!error) return;
  throw combineErrors(
    describeIssues(error.issues, { schema: z.union([metricEntry, schema]), value: options, places }),
  );
}

function familyMetric(name: string, family: FamilyConfiguration, tools: MetricTools): FamilyMetric {
  const { use, weight, gate, options } = partsOf(name, family);
  const metric = createMetric(name, use, options, tools);
  if (weight && metric.unit !== 'ratio') {
    throw inputError(
      `metric "${name}" is in ${metric.unit} and cannot have a weight`,
      'Weigh ratios; gate costs with max',
    );
  }
  if (weight && metric.ofObjective) {
    throw inputError(
      `metric "${name}" rests on the objective and cannot be part of it`,
      'Leave its weight out',
    );
  }
  refuseIdleGate(metric, gate ?? {});
  return { metric, weight: weight ?? 0, gate: gate ?? {} };
}

/** A gate that looks the wrong way would never fail. */
function refuseIdleGate({ name, direction }: Metric, { maxDrop, maxIncrease }: GateConfiguration): void {
  const [idle, right] = direction === 'higher' ? [maxIncrease, 'maxDrop'] : [maxDrop, 'maxIncrease'];
  if (idle === undefined) return;
  throw inputError(
    `of metric "${name}" ${direction === 'higher' ? 'more' : 'less'} is better, so this gate would never fail`,
    `Use ${right}`,
  );
}

/** A metric's entry: what every metric has, and the options of its own. */
function partsOf(name: string, family: FamilyConfiguration) {
  const { use = name, weight, gate, prompts: _, ...options } = family.metrics[name] ?? {};
  return { use, weight, gate, options };
}
