import path from 'node:path';
import {
  configurationFile,
  type FamilyMetric,
  familyMetrics,
  familyOf,
  loadConfiguration,
} from '../config/load.ts';
import type { Configuration, FamilyConfiguration } from '../config/schema.ts';
import type { Dataset, ExampleSource, Split } from '../datasets/dataset.ts';
import { requireFit } from '../datasets/inputs.ts';
import { findLeaks, refuseDuplicates } from '../datasets/leaks.ts';
import { loadDataset, openDataset, splitFile } from '../datasets/load.ts';
import { inputError } from '../errors.ts';
import { displayPath, resolveInside } from '../files/paths.ts';
import { combineErrors, nearest } from '../files/validate.ts';
import type { MetricTools } from '../metrics/definition.ts';
import { findPromptFiles, loadPrompt, promptId } from '../prompts/load.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { metricTools } from './metric-tools.ts';

/** A repository with its configuration, as commands use it. */
export type Workspace = { readonly root: string; readonly configuration: Configuration };

export function openWorkspace(root: string): Workspace {
  return { root, configuration: loadConfiguration(root, metricTools(root, null)) };
}

/** The files of the named prompts, or of all; an unknown id is answered with the nearest one. */
export function selectPromptFiles({ root }: Workspace, ids: readonly string[]): string[] {
  const files = new Map(findPromptFiles(root).map((file) => [promptId(root, file), file]));
  if (files.size === 0) {
    throw inputError('there are no prompts', 'Write prompts/<family>/<name>.prompt.yaml', {
      file: 'prompts',
    });
  }
  if (ids.length === 0) return [...files.values()];
  // A prompt named twice is measured once.
  return [...new Set(ids)].map((id) => {
    const file = files.get(id);
    if (file) return file;
    const known = [...files.keys()];
    const guess = nearest(id, known);
    throw inputError(
      `there is no prompt "${id}"`,
      guess ? `Did you mean "${guess}"?` : `There are: ${known.join(', ')}`,
    );
  });
}

/** A prompt with everything its family brings. */
export type PromptTask = {
  readonly prompt: Prompt;
  /** Absolute path of its file. */
  readonly file: string;
  readonly family: FamilyConfiguration;
  readonly metrics: readonly FamilyMetric[];
};

/** Loads a prompt; `model` stands in for the one its file names, `tools` are what its metrics use of the outside. */
export function loadTask(
  workspace: Workspace,
  file: string,
  {
    model,
    tools = metricTools(workspace.root, null),
  }: { model?: string | undefined; tools?: MetricTools } = {},
): PromptTask {
  const { root, configuration } = workspace;
  const loaded = loadPrompt(root, file, configuration.models.task);
  const prompt = model === undefined ? loaded : { ...loaded, model };
  const family = familyOf(configuration, prompt.family, prompt.path);
  return { prompt, file, family, metrics: familyMetrics(family, promptName(prompt.id), tools) };
}

/** An id without its family. */
export function promptName(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}

/** Refuses a family whose metrics have no weight: a search would have nothing to raise. */
export function requireObjective({ prompt, metrics }: PromptTask): void {
  if (metrics.some(({ weight }) => weight > 0)) return;
  throw inputError(
    `no metric of family "${prompt.family}" has a weight, so there is nothing to raise`,
    `Give one under families.${prompt.family}.metrics, as \`weight: 1\``,
    { file: configurationFile },
  );
}

/** Reads one split of a prompt's family and makes sure that it fits the prompt. */
export function loadSplit({ root }: Workspace, { prompt, family }: PromptTask, split: Split): Dataset {
  const file = splitPath(root, family, split, prompt.family);
  return loadDataset(file, displayPath(root, file), split, requireFit(prompt));
}

/** Checks one split of a prompt's family as {@link loadSplit} does and refuses duplicate rows; its examples are streamed. */
export function openSplit({ root }: Workspace, { prompt, family }: PromptTask, split: Split): ExampleSource {
  const file = splitPath(root, family, split, prompt.family);
  const [fits, duplicates] = [requireFit(prompt), refuseDuplicates()];
  return openDataset(file, displayPath(root, file), split, (row) => {
    fits(row);
    duplicates(row);
  });
}

/** The three splits an optimization needs; refuses an example that stands in two of them. */
export function loadSplits(workspace: Workspace, task: PromptTask) {
  const [train, dev, test] = [
    loadSplit(workspace, task, 'train'),
    loadSplit(workspace, task, 'dev'),
    loadSplit(workspace, task, 'test'),
  ];
  const leaks = findLeaks([train, dev, test]);
  if (leaks.length > 0) throw combineErrors(leaks);
  return { train, dev, test };
}

/** The file of a family's split. Throws an input error where there is none, or it leads out of the repository. */
export function splitPath(root: string, family: FamilyConfiguration, split: Split, name: string): string {
  const { datasets } = family;
  if (typeof datasets === 'string') {
    const file = splitFile(resolveInside(root, datasets), split, datasets);
    return resolveInside(root, path.relative(root, file));
  }
  const file = datasets[split];
  if (file !== undefined) return resolveInside(root, file);
  throw inputError(
    `family "${name}" has no ${split} dataset`,
    `Add families.${name}.datasets.${split} to promptline.yaml`,
    { file: path.join('promptline.yaml') },
  );
}
