import { type RunReport, reportSchemaVersion } from '../reports/run-report.ts';
import { version } from '../version.ts';
import { type JudgedPrompt, judgePrompt } from './judge-prompt.ts';
import { measurePrompt } from './measure-prompt.ts';
import { type EvaluationJob, planEvaluation, type Selection } from './plan-evaluation.ts';
import type { Session } from './session.ts';
import { showProgress, type Terminal } from './terminal.ts';
import type { Workspace } from './workspace.ts';

export type EvaluateOptions = Selection & {
  readonly repeat: number;
  /** Folder for results. */
  readonly out: string;
  /** The command that repeats it. */
  readonly command: string;
  readonly signal: AbortSignal;
};

export type EvaluateResult = { readonly report: RunReport; readonly failedGates: readonly string[] };

/** Measures prompts on a split, and with a base only those that changed; returns the report and the gates that failed. */
export async function runEvaluate(
  workspace: Workspace,
  session: Session,
  terminal: Terminal,
  options: EvaluateOptions,
): Promise<EvaluateResult> {
  const tools = { metrics: session.tools, open: session.model };
  const { base, jobs, unchanged } = await planEvaluation(workspace, tools, options);
  const progress = showProgress(terminal);
  const judged: JudgedPrompt[] = [];
  try {
    for (const job of jobs)
      judged.push(await evaluateJob(session, terminal, job, { ...options, onProgress: progress.onProgress }));
  } finally {
    progress.end();
  }
  return {
    report: {
      schema: reportSchemaVersion,
      command: options.command,
      version,
      prompts: judged.map(({ report }) => report),
      ...(base && { base, unchanged }),
      ...(options.shard && { shard: options.shard }),
    },
    // A part of the examples is judged when all are joined.
    failedGates: options.shard ? [] : gatesOf(judged),
  };
}

/** The gates that prompts failed, by their ids. */
export function gatesOf(judged: readonly JudgedPrompt[]): string[] {
  return judged.flatMap(({ report, failedGates }) => failedGates.map((reason) => `${report.id}: ${reason}`));
}

async function evaluateJob(
  session: Session,
  terminal: Terminal,
  { task, source, before }: EvaluationJob,
  options: EvaluateOptions & { onProgress: ReturnType<typeof showProgress>['onProgress'] },
): Promise<JudgedPrompt> {
  const { repeat, out, onProgress, signal, shard } = options;
  const how = { repeat, out, onProgress, signal, now: terminal.now, isPart: shard !== undefined };
  const head = await measurePrompt(session, task, task.prompt, source, { ...how, side: 'head' });
  const base = before?.prompt
    ? await measurePrompt(session, task, before.prompt, source, { ...how, side: 'base' })
    : null;
  return judgePrompt(task, source, head, base, before);
}
