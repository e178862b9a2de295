import type { Example, Split } from '../datasets/dataset.ts';
import { limitTo } from '../datasets/select.ts';
import { evaluateStream } from '../evaluation/evaluate.ts';
import { judgeGates } from '../evaluation/gates.ts';
import { stratumOf } from '../optimization/space.ts';
import { promptReport } from '../reports/prompt-report.ts';
import { createResultsFile, resultsPath } from '../reports/results-file.ts';
import { type RunReport, reportSchemaVersion } from '../reports/run-report.ts';
import { version } from '../version.ts';
import type { Session } from './session.ts';
import { showProgress, type Terminal } from './terminal.ts';
import { loadTask, openSplit, selectPromptFiles, type Workspace } from './workspace.ts';

export type EvaluateOptions = {
  readonly ids: readonly string[];
  readonly split: Split;
  readonly model: string | undefined;
  readonly limit: number | undefined;
  readonly repeat: number;
  /** Folder for results. */
  readonly out: string;
  /** The command that repeats it. */
  readonly command: string;
  readonly signal: AbortSignal;
};

/** Measures prompts on a split; returns the report and whether every gate held. */
export async function runEvaluate(
  workspace: Workspace,
  session: Session,
  terminal: Terminal,
  options: EvaluateOptions,
): Promise<{ report: RunReport; passed: boolean; failedGates: readonly string[] }> {
  // Everything is read and checked before the first call is paid.
  const jobs = selectPromptFiles(workspace, options.ids).map((file) => {
    const task = loadTask(workspace, file, { model: options.model, tools: session.tools });
    const source = openSplit(workspace, task, options.split);
    const stratum = ({ expected }: Example) => stratumOf(task.prompt.output, expected);
    return { task, source: limitTo(source, options.limit ?? source.n, stratum) };
  });
  const progress = showProgress(terminal);
  const prompts: RunReport['prompts'][number][] = [];
  const failedGates: string[] = [];
  for (const { task, source } of jobs) {
    const model = await session.model(task.prompt.model);
    const results = createResultsFile(resultsPath(options.out, task.prompt.id));
    const started = terminal.now();
    let elapsedMs = 0;
    const { card, detailed } = await evaluateStream(
      task.prompt,
      source,
      {
        model,
        metrics: task.metrics,
        repeats: options.repeat,
        onProgress: progress.onProgress,
        signal: options.signal,
      },
      (measurement) => {
        results.add(measurement);
        elapsedMs = terminal.now() - started;
      },
    ).catch((error: unknown) => {
      results.discard();
      throw error;
    });
    results.finish();
    const gates = judgeGates(task.metrics, card.metrics, null);
    failedGates.push(...gates.reasons.map((reason) => `${task.prompt.id}: ${reason}`));
    prompts.push(promptReport(card, { elapsedMs, detailed }));
  }
  progress.end();
  const report: RunReport = { schema: reportSchemaVersion, command: options.command, version, prompts };
  return { report, passed: failedGates.length === 0, failedGates };
}
