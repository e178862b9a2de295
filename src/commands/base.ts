import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configurationFile, readConfiguration } from '../config/load.ts';
import type { ExampleSource, Split } from '../datasets/dataset.ts';
import { inputError } from '../errors.ts';
import type { GitTree } from '../host/git-tree.ts';
import { findPromptFiles, loadPrompt, promptId } from '../prompts/load.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { attempt } from './attempt.ts';
import { changesSince, texts } from './base-changes.ts';
import type { PromptTask, Workspace } from './workspace.ts';

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

export type BaseOptions = {
  readonly ref: string;
  /** The prompts as they are now. */
  readonly tasks: readonly PromptTask[];
  /** Stands in for the model that the prompts name. */
  readonly model: string | undefined;
};

/**
 * Reads the repository at a ref through Git, in a folder of its own. A base that does not load is not the head's fault: it is
 * told in `problem`.
 * @throws {PromptlineError} where there is no such ref
 */
export async function openBase(
  workspace: Workspace,
  { ref: named, tasks, model }: BaseOptions,
): Promise<Base> {
  // Most runs have no base and need not load Git's client.
  const { openTree } = await import('../host/git-tree.ts');
  const tree = await openTree(workspace.root, named);
  const ref = nameOf(named);
  const target = mkdtempSync(path.join(tmpdir(), 'promptline-base-'));
  const close = () => rmSync(target, { recursive: true, force: true });
  try {
    const root = await exportBase(tree, tasks, target);
    const { commit } = tree;
    const read = attempt(() => {
      refuseMissing(tree);
      return { configuration: readConfiguration(root), files: promptFiles(root) };
    });
    if ('problem' in read) {
      const { problem } = read;
      return { ref, commit, problem, compare: () => ({ prompt: null, problem, changes: [] }), close };
    }
    const then = { root, ...read.value };
    const compare: Base['compare'] = (task, split, head) => {
      const before = comparePrompt(workspace, then, { task, split, head, model });
      return before.prompt ? { ...before, label: `${ref} (${before.prompt.version})` } : before;
    };
    return { ref, commit, problem: null, compare, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** A ref as reports call it: a whole commit id, as a job names its base, is more than a person reads. */
function nameOf(ref: string): string {
  return /^[0-9a-f]{40,64}$/.test(ref) ? ref.slice(0, 10) : ref;
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

/** Said here, because the folder that lacks it is one of ours. */
function refuseMissing({ files, ref }: GitTree): void {
  if (files.includes(configurationFile)) return;
  throw inputError(`there is none at ${ref}`, undefined, { file: configurationFile });
}

type Then = Workspace & {
  /** By id. */
  readonly files: ReadonlyMap<string, string>;
};

function promptFiles(root: string): ReadonlyMap<string, string> {
  return new Map(findPromptFiles(root).map((file) => [promptId(root, file), file]));
}

function comparePrompt(
  now: Workspace,
  then: Then,
  {
    task,
    split,
    head,
    model,
  }: { task: PromptTask; split: Split; head: ExampleSource; model: string | undefined },
): BasePrompt {
  const file = then.files.get(task.prompt.id);
  if (file === undefined) return { prompt: null, changes: ['the prompt is new'] };
  const loaded = attempt(() => loadPrompt(then.root, file, then.configuration.models.task));
  if ('problem' in loaded) return { prompt: null, problem: loaded.problem, changes: ['the prompt'] };
  const before = model === undefined ? loaded.value : { ...loaded.value, model };
  return { prompt: before, changes: changesSince(now, then, { task, before, split, head }) };
}
