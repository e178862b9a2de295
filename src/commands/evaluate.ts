import type { Split } from '../datasets/dataset.ts';
import { stableSample } from '../datasets/order.ts';
import { evaluate } from '../evaluation/evaluate.ts';
import { judgeGates } from '../evaluation/gates.ts';
import { stratumOf } from '../optimization/space.ts';
import { promptReport } from '../reports/prompt-report.ts';
import { type RunReport, reportSchemaVersion } from '../reports/run-report.ts';
import { version } from '../version.ts';
import type { Session } from './session.ts';
import { showProgress, type Terminal } from './terminal.ts';
import { loadSplit, loadTask, selectPromptFiles, type Workspace } from './workspace.ts';

export type EvaluateOptions = {
  readonly ids: readonly string[];
  readonly split: Split;
  readonly model: string | undefined;
  readonly limit: number | undefined;
  readonly repeat: number;
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
    const task = loadTask(workspace, file, options.model);
    const dataset = loadSplit(workspace, task, options.split);
    const stratum = (example: (typeof dataset.examples)[number]) =>
      stratumOf(task.prompt.output, example.expected);
    const examples = stableSample(dataset.examples, options.limit ?? dataset.examples.length, stratum);
    return { task, dataset: { ...dataset, examples } };
  });
  const progress = showProgress(terminal);
  const prompts: RunReport['prompts'][number][] = [];
  const failedGates: string[] = [];
  for (const { task, dataset } of jobs) {
    const model = await session.model(task.prompt.model);
    const started = terminal.now();
    const card = await evaluate(task.prompt, dataset, {
      model,
      metrics: task.metrics,
      repeats: options.repeat,
      onProgress: progress.onProgress,
      signal: options.signal,
    });
    const gates = judgeGates(task.metrics, card.metrics, null);
    failedGates.push(...gates.reasons.map((reason) => `${task.prompt.id}: ${reason}`));
    prompts.push(promptReport(card, { elapsedMs: terminal.now() - started }));
  }
  progress.end();
  const report: RunReport = { schema: reportSchemaVersion, command: options.command, version, prompts };
  return { report, passed: failedGates.length === 0, failedGates };
}
