import path from 'node:path';
import type { OptimizeConfiguration } from '../config/schema.ts';
import { describeError } from '../errors.ts';
import { readText, writeWhole } from '../files/read-write.ts';
import { type OptimizationResult, optimizePrompt } from '../optimization/optimize.ts';
import type { Proposal } from '../optimization/proposal.ts';
import { nextVersion } from '../prompts/version.ts';
import { writePromptVersion } from '../prompts/write.ts';
import { terminalText } from '../reports/hostile.ts';
import { promptReport } from '../reports/prompt-report.ts';
import { type RunReport, reportSchemaVersion } from '../reports/run-report.ts';
import { writeReports } from '../reports/write-reports.ts';
import { version } from '../version.ts';
import { attempt } from './attempt.ts';
import { longestError } from './context.ts';
import { type Session, shownFromHere } from './session.ts';
import { showProgress, type Terminal } from './terminal.ts';
import {
  loadSplits,
  loadTask,
  type PromptTask,
  requireObjective,
  selectPromptFiles,
  type Workspace,
} from './workspace.ts';

export type OptimizeOptions = {
  readonly ids: readonly string[];
  readonly model: string | undefined;
  readonly strategy: OptimizeConfiguration['strategy'] | undefined;
  readonly calls: number | undefined;
  readonly seed: number;
  /** Folder for results; new versions go below it. */
  readonly out: string;
  /** Whether an accepted version replaces the file under prompts/. */
  readonly write: boolean;
  readonly command: string;
  readonly signal: AbortSignal;
};

/** Strategies that use a proposer where one is configured; the others must not need its key. */
const asksProposer: ReadonlySet<OptimizeConfiguration['strategy']> = new Set([
  'auto',
  'reflection',
  'playbook',
  'gepa',
]);

/** Optimizes prompts one after another; accepted versions are written, nothing else is. */
export async function runOptimize(
  workspace: Workspace,
  session: Session,
  terminal: Terminal,
  options: OptimizeOptions,
): Promise<RunReport> {
  const tasks = selectPromptFiles(workspace, options.ids).map((file) => {
    const task = loadTask(workspace, file, { model: options.model, tools: session.tools });
    requireObjective(task);
    return { task, splits: loadSplits(workspace, task) };
  });
  const proposals: Proposal[] = [];
  const progress = showProgress(terminal);
  try {
    for (const job of tasks) {
      proposals.push(await optimizeTask(workspace, session, terminal, job, { ...options, ...progress }));
      progress.end();
    }
  } catch (error) {
    progress.end();
    if (proposals.length > 0) keepFinished(terminal, reportOf(proposals, options), error, options.out);
    throw error;
  }
  return reportOf(proposals, options);
}

type OptimizationJob = { readonly task: PromptTask; readonly splits: ReturnType<typeof loadSplits> };

async function optimizeTask(
  workspace: Workspace,
  session: Session,
  terminal: Terminal,
  { task, splits }: OptimizationJob,
  options: OptimizeOptions & { onProgress: ReturnType<typeof showProgress>['onProgress'] },
): Promise<Proposal> {
  const started = terminal.now();
  const { optimize } = task.family;
  const strategy = options.strategy ?? optimize.strategy;
  const proposes = asksProposer.has(strategy) ? workspace.configuration.models.proposer : undefined;
  const result = await optimizePrompt({
    prompt: task.prompt,
    splits,
    metrics: task.metrics,
    model: await session.model(task.prompt.model),
    proposer: proposes ? await session.model(proposes) : undefined,
    budget: session.budget,
    settings: {
      ...optimize,
      calls: options.calls ?? optimize.calls,
      strategy,
    },
    seed: options.seed,
    onProgress: options.onProgress,
    signal: options.signal,
  });
  const written = result.accepted && result.head ? writeVersion(task, result.head.messages, options) : null;
  return proposalOf(task, result, written, terminal.now() - started);
}

function reportOf(proposals: readonly Proposal[], { command }: OptimizeOptions): RunReport {
  return {
    schema: reportSchemaVersion,
    command,
    version,
    prompts: proposals.flatMap(({ head, base, comparison }) => {
      const card = head ?? base;
      return card ? [promptReport(card, { elapsedMs: null, ...(comparison && { comparison }) })] : [];
    }),
    proposals,
  };
}

/** Writes what a run finished before it failed. What ended the run is said by the caller, whether this succeeds or not. */
function keepFinished(terminal: Terminal, report: RunReport, error: unknown, out: string): void {
  const isStopped = error instanceof Error && error.name === 'AbortError';
  const ended = isStopped ? 'it was stopped' : describeError(error);
  const kept = attempt(() => writeReports(out, { ...report, ended }));
  const said =
    'value' in kept
      ? `What was finished before is in ${shownFromHere(kept.value.html)}`
      : `What was finished before is not in a report: ${kept.problem}`;
  terminal.note(terminalText(said, longestError));
}

type Written = { readonly version: string; readonly file: string };

function writeVersion(
  { prompt, file }: PromptTask,
  messages: Parameters<typeof writePromptVersion>[1]['messages'],
  { out, write }: OptimizeOptions,
): Written {
  const next = nextVersion(prompt);
  const text = writePromptVersion(readText(file, prompt.path), { version: next, messages });
  const target = path.join(out, 'prompts', `${prompt.id}.prompt.yaml`);
  writeWhole(target, text);
  if (write) writeWhole(file, text);
  return { version: next, file: shownFromHere(write ? file : target) };
}

function proposalOf(
  { prompt }: PromptTask,
  result: OptimizationResult,
  written: Written | null,
  elapsedMs: number,
): Proposal {
  const { accepted, reason, head, scorecards, comparison, search, changes, explanation, usage } = result;
  return {
    id: prompt.id,
    accepted,
    reason,
    from: prompt.version,
    to: written?.version ?? null,
    file: written?.file ?? null,
    calls: usage.calls,
    model: prompt.model,
    base: scorecards?.base ?? null,
    head: scorecards
      ? {
          ...scorecards.head,
          prompt: { ...scorecards.head.prompt, version: written?.version ?? 'candidate' },
        }
      : null,
    comparison,
    search,
    messages: { base: prompt.messages, head: head?.messages ?? null },
    changes,
    explanation,
    usage,
    elapsedMs,
  };
}
