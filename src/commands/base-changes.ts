import { existsSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from '../config/schema.ts';
import type { ExampleSource, Split } from '../datasets/dataset.ts';
import { openDataset } from '../datasets/load.ts';
import { readText } from '../files/read-write.ts';
import { isComposite, reachable } from '../models/composite/references.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { promptDigest } from '../prompts/version.ts';
import { attempt } from './attempt.ts';
import { type PromptTask, promptName, splitPath, type Workspace } from './workspace.ts';

/**
 * What changed since the base of a prompt and of what its scores rest on, in words; empty for nothing. Comments, formatting and
 * the order of keys are no change.
 * @param before the prompt at the base
 * @param then the repository at the base
 * @param head its dataset now
 */
export function changesSince(
  now: Workspace,
  then: Workspace,
  { task, before, split, head }: { task: PromptTask; before: Prompt; split: Split; head: ExampleSource },
): string[] {
  const { prompt, metrics } = task;
  const isSame =
    promptDigest(before) === promptDigest(prompt) && isDeepStrictEqual(before.output, prompt.output);
  const files = new Set(metrics.flatMap(({ metric }) => metric.files ?? []));
  const changedFiles = [...files].filter((file) => contentOf(now.root, file) !== contentOf(then.root, file));
  return [
    ...(isSame ? [] : ['the prompt']),
    ...configurationChanges(now.configuration, then.configuration, prompt),
    ...(datasetDigest(then, task, split) === head.digest ? [] : [`the dataset ${head.path}`]),
    ...changedFiles.map((file) => `the file ${file}`),
  ];
}

/** Every text inside a value of a configuration. */
export function* texts(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) yield* texts(inner);
  }
}

/** What decides a prompt's scores in the configuration: its metrics, and the models that it and they ask. */
function configurationChanges(now: Configuration, before: Configuration, prompt: Prompt): string[] {
  const [metricsNow, metricsBefore] = [metricsOf(now, prompt), metricsOf(before, prompt)];
  const { judge } = now.models;
  const asksJudge = /judge/.test(JSON.stringify(metricsNow));
  // A metric names a model of its own (an embedding model) as an option.
  const named = [prompt.model, ...(asksJudge && judge !== undefined ? [judge] : []), ...texts(metricsNow)];
  const models = named.flatMap((model) => reachable(model, now.composites));
  const providers = new Set(models.map((model) => model.slice(0, Math.max(0, model.indexOf('/')))));
  const changed = [...providers].filter(
    (name) => !isDeepStrictEqual(own(now.providers, name), own(before.providers, name)),
  );
  return [
    ...(isDeepStrictEqual(metricsNow, metricsBefore) ? [] : ['the metrics in promptline.yaml']),
    ...changed.map((name) => `the provider ${name}`),
    ...changedComposites(models, now, before).map((name) => `the composite ${name}`),
    ...(asksJudge && judge !== before.models.judge ? ['the judge in promptline.yaml'] : []),
  ];
}

/** Names of the composites among models that are others now. */
function changedComposites(models: readonly string[], now: Configuration, before: Configuration): string[] {
  const names = models.filter(isComposite).map((reference) => reference.slice(reference.indexOf('/') + 1));
  return [...new Set(names)].filter(
    (name) => !isDeepStrictEqual(own(now.composites, name), own(before.composites, name)),
  );
}

/** By name, without the list of the prompts that they measure: this prompt is one of them or not. */
function metricsOf({ families }: Configuration, { id, family }: Prompt): Record<string, unknown> {
  const metrics = Object.entries(own(families, family)?.metrics ?? {});
  return Object.fromEntries(
    metrics.flatMap(([name, { prompts, ...metric }]) =>
      prompts === undefined || prompts.includes(promptName(id)) ? [[name, metric]] : [],
    ),
  );
}

/** Null where the split did not load: it is another one now. */
function datasetDigest(
  { root, configuration }: Workspace,
  { prompt }: PromptTask,
  split: Split,
): string | null {
  const family = own(configuration.families, prompt.family);
  if (!family) return null;
  const opened = attempt(() => {
    const file = splitPath(root, family, split, prompt.family);
    return openDataset(file, file, split).digest;
  });
  return 'value' in opened ? opened.value : null;
}

function contentOf(root: string, file: string): string | null {
  const absolute = path.join(root, file);
  return existsSync(absolute) ? readText(absolute, file) : null;
}

/** A name in a user's file may be that of a property every object has. */
function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
