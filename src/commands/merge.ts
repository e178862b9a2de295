import path from 'node:path';
import type { Example, ExampleSource } from '../datasets/dataset.ts';
import { limitTo, taggedWith } from '../datasets/select.ts';
import { inputError } from '../errors.ts';
import { detailKeeper } from '../evaluation/detail.ts';
import { requireAnswers, scorecardOf } from '../evaluation/evaluate.ts';
import { createTally } from '../evaluation/measure-all.ts';
import { stratumOf } from '../optimization/space.ts';
import { promptDigest } from '../prompts/version.ts';
import { createResultsFile, resultsPath } from '../reports/results-file.ts';
import { type PromptReport, type RunReport, reportSchemaVersion } from '../reports/run-report.ts';
import { version } from '../version.ts';
import type { BasePrompt } from './base.ts';
import { type EvaluateResult, gatesOf } from './evaluate.ts';
import { type JudgedPrompt, judgePrompt } from './judge-prompt.ts';
import type { Measured } from './measure-prompt.ts';
import { openShardResults } from './merge-results.ts';
import { metricTools } from './metric-tools.ts';
import { readShards, type ShardRun } from './shards.ts';
import { loadTask, openSplit, type PromptTask, selectPromptFiles, type Workspace } from './workspace.ts';

export type MergeOptions = {
  /** The --out folders of the shards, in any order. */
  readonly folders: readonly string[];
  /** Folder for the joined results. */
  readonly out: string;
  readonly command: string;
};

/**
 * Joins the results of all shards of one evaluation: the same numbers as one run would have given. Asks no model.
 * @throws {PromptlineError} where shards are missing, are of different runs, or the repository is another one now
 */
export function runMerge(workspace: Workspace, { folders, out, command }: MergeOptions): EvaluateResult {
  const shards = readShards(folders);
  const [first] = shards;
  if (!first) throw inputError('no folder named', 'Name the --out folders of all shards');
  const overwritten = shards.find(({ folder }) => path.resolve(folder) === path.resolve(out));
  if (overwritten)
    throw inputError(
      `${overwritten.folder} holds a shard, which would be lost`,
      'Choose another folder with --out',
    );
  const judged = first.report.prompts.map(({ id }) => mergePrompt(workspace, shards, id, out));
  const { base, unchanged } = first.report;
  const report: RunReport = {
    schema: reportSchemaVersion,
    command,
    version,
    prompts: judged.map((prompt) => prompt.report),
    ...(base && { base }),
    ...(unchanged && { unchanged }),
  };
  return { report, failedGates: gatesOf(judged) };
}

function mergePrompt(
  workspace: Workspace,
  shards: readonly ShardRun[],
  id: string,
  out: string,
): JudgedPrompt {
  const parts = shards.flatMap(({ report }) => report.prompts.filter((prompt) => prompt.id === id));
  const [first] = parts;
  if (!first) throw new RangeError(`no shard measured ${id}`);
  const task = taskOf(workspace, first);
  const n = parts.reduce((sum, { dataset }) => sum + dataset.n, 0);
  const source = sourceOf(workspace, task, first, n);
  const elapsedMs = Math.max(...parts.map((part) => part.elapsedMs ?? 0));
  const merged = (side: 'head' | 'base'): Measured => ({
    ...mergeResults(shards, task, source, { side, out }),
    elapsedMs,
  });
  const base = first.comparison ? merged('base') : null;
  return judgePrompt(task, source, merged('head'), base, beforeOf(task, first));
}

/** What the shards found of the prompt's past. */
function beforeOf(
  { prompt }: PromptTask,
  { changedSince, baseProblem, comparison }: PromptReport,
): BasePrompt | null {
  if (!changedSince) return null;
  return {
    // Its text is not needed: what it answered stands in the results.
    prompt: comparison ? prompt : null,
    changes: changedSince,
    ...(comparison && { label: comparison.base }),
    ...(baseProblem !== undefined && { problem: baseProblem }),
  };
}

/** The prompt as it is here, which must be what the shards measured: its metrics join their results. */
function taskOf(workspace: Workspace, { id, model, digest, metrics }: PromptReport): PromptTask {
  const tools = metricTools(workspace.root, null);
  const [file] = selectPromptFiles(workspace, [id]);
  if (file === undefined) throw moved(id, id);
  const task = loadTask(workspace, file, { model, tools });
  const names = task.metrics.map(({ metric }) => metric.name);
  if (promptDigest(task.prompt) !== digest) throw moved(id, task.prompt.path);
  if (names.join('\n') === Object.keys(metrics).join('\n')) return task;
  throw moved(`a metric of ${id}`, 'promptline.yaml');
}

/** The examples of all shards together. */
function sourceOf(
  workspace: Workspace,
  task: PromptTask,
  { id, dataset: { split, digest, tags } }: PromptReport,
  n: number,
): ExampleSource {
  const whole = openSplit(workspace, task, split);
  if (whole.digest !== digest) throw moved(`the data of ${id}`, whole.path);
  const stratum = ({ expected }: Example) => stratumOf(task.prompt.output, expected);
  return limitTo(tags ? taggedWith(whole, tags) : whole, n, stratum);
}

function moved(what: string, file: string) {
  return inputError(`${what} is not what the shards measured`, 'Merge on the commit the shards ran on', {
    file,
  });
}

function mergeResults(
  shards: readonly ShardRun[],
  { prompt, metrics }: PromptTask,
  source: ExampleSource,
  { side, out }: { side: 'head' | 'base'; out: string },
): Pick<Measured, 'card' | 'detailed'> {
  const files = shards.map(({ folder }) => resultsPath(folder, prompt.id, side));
  const { total, results } = openShardResults(files, source);
  const keeper = detailKeeper(metrics, total);
  const tally = createTally(keeper.keep);
  const merged = createResultsFile(resultsPath(out, prompt.id, side));
  try {
    for (const measurement of results()) {
      tally.add(measurement);
      merged.add(measurement);
    }
    const card = scorecardOf(prompt, source, metrics, tally.measurements());
    requireAnswers(card);
    merged.finish();
    return { card, detailed: keeper.detailed() };
  } catch (error) {
    merged.discard();
    throw error;
  }
}
