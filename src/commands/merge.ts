import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ExampleSource } from '../datasets/dataset.ts';
import { inputError } from '../errors.ts';
import { detailKeeper } from '../evaluation/detail.ts';
import { scorecardOf } from '../evaluation/evaluate.ts';
import type { Measurement } from '../evaluation/measure.ts';
import { createTally } from '../evaluation/measure-all.ts';
import { promptDigest } from '../prompts/version.ts';
import { createResultsFile, readResults, resultsPath } from '../reports/results-file.ts';
import { type PromptReport, type RunReport, reportSchemaVersion } from '../reports/run-report.ts';
import { readReport } from '../reports/write-reports.ts';
import { version } from '../version.ts';
import type { EvaluateResult } from './evaluate.ts';
import { type JudgedPrompt, judgePrompt } from './judge-prompt.ts';
import type { Measured } from './measure-prompt.ts';
import { metricTools } from './metric-tools.ts';
import { loadTask, openSplit, type PromptTask, selectPromptFiles, type Workspace } from './workspace.ts';

export type MergeOptions = {
  /** The --out folders of the shards, in any order. */
  readonly folders: readonly string[];
  /** Folder for the joined results. */
  readonly out: string;
  readonly command: string;
};

type ShardRun = { readonly folder: string; readonly report: RunReport };

/**
 * Joins the results of all shards of one evaluation: the same numbers as one run would have given. Asks no model.
 * @throws {PromptlineError} where shards are missing, are of different runs, or the repository is another one now
 */
export function runMerge(workspace: Workspace, { folders, out, command }: MergeOptions): EvaluateResult {
  const runs = inOrder(folders.map((folder) => ({ folder, report: readReport(folder) })));
  const [first] = runs;
  if (!first) throw inputError('no folder named', 'Name the --out folders of all shards');
  const judged = first.report.prompts.map((prompt) => mergePrompt(workspace, runs, prompt, out));
  const { base, unchanged } = first.report;
  return {
    report: {
      schema: reportSchemaVersion,
      command,
      version,
      prompts: judged.map(({ report }) => report),
      ...(base && { base }),
      ...(unchanged && { unchanged }),
    },
    failedGates: judged.flatMap(({ report, failedGates }) =>
      failedGates.map((reason) => `${report.id}: ${reason}`),
    ),
  };
}

/** The shards by their number. */
function inOrder(runs: readonly ShardRun[]): ShardRun[] {
  const byIndex = new Map<number, ShardRun>();
  const of = runs[0]?.report.shard?.of ?? 1;
  for (const run of runs) {
    const { shard } = run.report;
    const place = { file: path.join(run.folder, 'report.json') };
    if (!shard) throw inputError('the run was not sharded', 'Name folders of evaluate --shard i/n', place);
    if (shard.of !== of)
      throw inputError(`part of ${shard.of}, the first of ${of}`, 'Name the shards of one run', place);
    const other = byIndex.get(shard.index);
    if (other) {
      throw inputError(
        `shard ${shard.index}/${of} stands in ${other.folder} too`,
        'Name each shard once',
        place,
      );
    }
    byIndex.set(shard.index, run);
  }
  return Array.from({ length: of }, (_, position) => {
    const run = byIndex.get(position + 1);
    if (!run) throw inputError(`shard ${position + 1}/${of} is missing`, 'Name the folders of all shards');
    return run;
  });
}

function mergePrompt(
  workspace: Workspace,
  runs: readonly ShardRun[],
  first: PromptReport,
  out: string,
): JudgedPrompt {
  const parts = runs.map(({ folder, report }) => {
    const part = report.prompts.find(({ id }) => id === first.id);
    const same = part && part.digest === first.digest && part.dataset.digest === first.dataset.digest;
    if (same) return part;
    throw inputError(
      part ? `${first.id} was measured in another version or on other data` : `${first.id} was not measured`,
      'Run all shards on the same commit',
      { file: path.join(folder, 'report.json') },
    );
  });
  const task = taskOf(workspace, first);
  const n = parts.reduce((sum, { dataset }) => sum + dataset.n, 0);
  const source = { ...openSplit(workspace, task, first.dataset.split), n };
  if (source.digest !== first.dataset.digest) throw moved(first.id, source.path);
  const elapsed = parts.map(({ elapsedMs }) => elapsedMs ?? 0);
  const measured = (side: 'head' | 'base', prompt: PromptTask['prompt']): Measured => ({
    ...mergeResults(runs, task, prompt, source, side, out),
    elapsedMs: Math.max(...elapsed),
  });
  const head = measured('head', task.prompt);
  const hasBase = runs.every(({ folder }) => existsSync(resultsPath(folder, first.id, 'base')));
  const earlier = task.prompt;
  const base = hasBase ? measured('base', earlier) : null;
  const { changedSince, baseProblem } = first;
  const before = changedSince && {
    prompt: base && earlier,
    label: first.comparison?.base ?? '',
    changes: changedSince,
    ...(baseProblem !== undefined && { problem: baseProblem }),
  };
  return judgePrompt(task, source, head, base, before ?? null);
}

/** The prompt as it is here, which must be what the shards measured: its metrics join their results. */
function taskOf(workspace: Workspace, { id, model, digest }: PromptReport): PromptTask {
  const tools = metricTools(workspace.root, null);
  const [file] = selectPromptFiles(workspace, [id]);
  const task = file && loadTask(workspace, file, { model, tools });
  if (task && promptDigest(task.prompt) === digest) return task;
  throw moved(id, task ? task.prompt.path : id);
}

function moved(id: string, file: string) {
  return inputError(`${id} is not what the shards measured`, 'Merge on the commit the shards ran on', {
    file,
  });
}

function mergeResults(
  runs: readonly ShardRun[],
  { metrics }: PromptTask,
  prompt: PromptTask['prompt'],
  source: ExampleSource,
  side: 'head' | 'base',
  out: string,
): Pick<Measured, 'card' | 'detailed'> {
  const files = runs.map(({ folder }) => resultsPath(folder, prompt.id, side));
  const keeper = detailKeeper(metrics, source.n);
  const tally = createTally(keeper.keep);
  const merged = createResultsFile(resultsPath(out, prompt.id, side));
  try {
    for (const measurement of inTurn(files.map((file) => readResults(file, file)))) {
      tally.add(measurement);
      merged.add(measurement);
    }
    merged.finish();
  } catch (error) {
    merged.discard();
    throw error;
  }
  return { card: scorecardOf(prompt, source, metrics, tally.measurements()), detailed: keeper.detailed() };
}

/** One of each shard in turn, which is the order of the whole; a new repeat begins with the first shard again. */
function* inTurn(shards: readonly Iterator<Measurement>[]): Generator<Measurement> {
  const next = shards.map((shard) => shard.next());
  for (let repeat = 0; next.some(({ done }) => !done); repeat++) {
    for (let taken = true; taken; ) {
      taken = false;
      for (const [index, shard] of shards.entries()) {
        const waiting = next[index];
        if (!waiting || waiting.done || waiting.value.result.repeat !== repeat) continue;
        yield waiting.value;
        next[index] = shard.next();
        taken = true;
      }
    }
  }
}
