import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configurationFile, readConfiguration } from '../config/load.ts';
import type { Configuration } from '../config/schema.ts';
import type { ExampleSource, Split } from '../datasets/dataset.ts';
import { openDataset } from '../datasets/load.ts';
import { describeError, PromptlineError } from '../errors.ts';
import { readText } from '../files/read-write.ts';
import type { GitTree } from '../host/git-tree.ts';
import { findPromptFiles, loadPrompt, promptId } from '../prompts/load.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { promptDigest } from '../prompts/version.ts';
import { type PromptTask, promptName, splitPath, type Workspace } from './workspace.ts';

/** The repository as it was at a ref. */
export type Base = {
  readonly ref: string;
  readonly commit: string;
  /** Why nothing of it can be loaded; null where it can. */
  readonly problem: string | null;
  /** What became of a prompt since. `head` is its dataset now. */
  compare(task: PromptTask, split: Split, head: ExampleSource): BasePrompt;
  /** Removes the files that were written to read it. */
  close(): void;
};

export type BasePrompt = {
  /** The prompt as it was; null where there was none or it does not load. */
  readonly prompt: Prompt | null;
  /** Why it does not load. */
  readonly problem?: string;
  /** What reports call it: the ref and the version there. */
  readonly label?: string;
  /** What changed of the prompt and of what it depends on, in words; empty for nothing. */
  readonly changes: readonly string[];
};

/**
 * Reads the repository at a ref through Git, in a folder of its own. A base that does not load is not the head's fault: it is
 * told in `problem`.
 * @param tasks the prompts as they are now
 * @throws {PromptlineError} where there is no such ref
 */
export async function openBase(
  workspace: Workspace,
  ref: string,
  tasks: readonly PromptTask[],
): Promise<Base> {
  // Most runs have no base and need not load Git's client.
  const { openTree } = await import('../host/git-tree.ts');
  const tree = await openTree(workspace.root, ref);
  const target = mkdtempSync(path.join(tmpdir(), 'promptline-base-'));
  const close = () => rmSync(target, { recursive: true, force: true });
  try {
    const root = await exportBase(tree, tasks, target);
    const { commit } = tree;
    const read = attempt(() => ({ configuration: readConfiguration(root), files: promptFiles(root) }));
    if ('problem' in read) {
      const { problem } = read;
      return { ref, commit, problem, compare: () => ({ prompt: null, problem, changes: [] }), close };
    }
    const then = { root, ...read.value };
    const compare: Base['compare'] = (task, split, head) => {
      const before = comparePrompt(workspace, then, task, split, head);
      return before.prompt ? { ...before, label: `${ref} (${before.prompt.version})` } : before;
    };
    return { ref, commit, problem: null, compare, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Writes the configuration, the prompts, what the configuration names, and what the metrics read now. */
async function exportBase(tree: GitTree, tasks: readonly PromptTask[], target: string): Promise<string> {
  const isFirst = (file: string) => file === configurationFile || file.startsWith('prompts/');
  const root = await tree.export(tree.files.filter(isFirst), target);
  const read = attempt(() => readConfiguration(root));
  const named = 'value' in read ? [...texts(read.value)].map((text) => path.posix.normalize(text)) : [];
  const metricFiles = tasks.flatMap(({ metrics }) => metrics.flatMap(({ metric }) => metric.files ?? []));
  const wanted = new Set([...named, ...metricFiles.map((file) => path.posix.normalize(file))]);
  const isWanted = (file: string) =>
    !isFirst(file) && ancestors(file).some((folderOrFile) => wanted.has(folderOrFile));
  await tree.export(tree.files.filter(isWanted), target);
  return root;
}

/** A path and the folders above it. */
function ancestors(file: string): string[] {
  const parts = file.split('/');
  return parts.flatMap((_, index) => {
    const upTo = parts.slice(0, index + 1).join('/');
    return [upTo, `${upTo}/`];
  });
}

function* texts(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) yield* texts(inner);
  }
}

type Then = {
  readonly root: string;
  readonly configuration: Configuration;
  /** By id. */
  readonly files: ReadonlyMap<string, string>;
};

function promptFiles(root: string): ReadonlyMap<string, string> {
  return new Map(findPromptFiles(root).map((file) => [promptId(root, file), file]));
}

function comparePrompt(
  workspace: Workspace,
  then: Then,
  task: PromptTask,
  split: Split,
  head: ExampleSource,
): BasePrompt {
  const { prompt } = task;
  const file = then.files.get(prompt.id);
  if (file === undefined) return { prompt: null, changes: ['the prompt is new'] };
  const loaded = attempt(() => loadPrompt(then.root, file, then.configuration.models.task));
  if ('problem' in loaded) return { prompt: null, problem: loaded.problem, changes: ['the prompt'] };
  const before = loaded.value;
  const isSame = promptDigest(before) === promptDigest(prompt) && equal(before.output, prompt.output);
  const changes = [
    ...(isSame ? [] : ['the prompt']),
    ...configurationChanges(workspace.configuration, then.configuration, prompt),
    ...(datasetDigest(then, task, split) === head.digest ? [] : [`the dataset ${head.path}`]),
    ...task.metrics
      .flatMap(({ metric }) => metric.files ?? [])
      .filter((each, index, all) => all.indexOf(each) === index)
      .filter((each) => contentOf(workspace.root, each) !== contentOf(then.root, each))
      .map((each) => `the file ${each}`),
  ];
  return { prompt: before, changes };
}

/** What decides a prompt's scores in the configuration: its metrics, its provider, and the judge where a metric asks it. */
function configurationChanges(now: Configuration, before: Configuration, prompt: Prompt): string[] {
  const [metricsNow, metricsBefore] = [metricsOf(now, prompt), metricsOf(before, prompt)];
  const provider = prompt.model.slice(0, prompt.model.indexOf('/'));
  const asksJudge = /judge/.test(JSON.stringify(metricsNow));
  return [
    ...(equal(metricsNow, metricsBefore) ? [] : ['the metrics in promptline.yaml']),
    ...(equal(now.providers[provider], before.providers[provider]) ? [] : [`the provider ${provider}`]),
    ...(asksJudge && now.models.judge !== before.models.judge ? ['the judge in promptline.yaml'] : []),
  ];
}

function metricsOf({ families }: Configuration, { id, family }: Prompt): unknown {
  const metrics = Object.entries(families[family]?.metrics ?? {});
  return metrics.filter(([, { prompts }]) => prompts === undefined || prompts.includes(promptName(id)));
}

/** Null where the split did not load: it is another one now. */
function datasetDigest({ root, configuration }: Then, task: PromptTask, split: Split): string | null {
  const family = configuration.families[task.prompt.family];
  if (!family) return null;
  const opened = attempt(() => {
    const file = splitPath(root, family, split, task.prompt.family);
    return openDataset(file, file, split).digest;
  });
  return 'value' in opened ? opened.value : null;
}

function contentOf(root: string, file: string): string | null {
  const absolute = path.join(root, file);
  return existsSync(absolute) ? readText(absolute, file) : null;
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function attempt<T>(work: () => T): { value: T } | { problem: string } {
  try {
    return { value: work() };
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    return { problem: describeError(error) };
  }
}
