import { familyMetrics } from '../config/load.ts';
import { describeError } from '../errors.ts';
import type { OnProgress } from '../evaluation/progress.ts';
import { type OptimizationResult, optimizePrompt } from '../optimization/optimize.ts';
import type { Proposal } from '../optimization/proposal.ts';
import { promptReport } from '../reports/prompt-report.ts';
import { type RunReport, reportSchemaVersion } from '../reports/run-report.ts';
import { version } from '../version.ts';
import { type OptimizationJob, type OptimizationSelection, planOptimization } from './plan-optimization.ts';
import type { Session } from './session.ts';
import { runShared, type Share, type SharedRun } from './shared-run.ts';
import { progressBoard, type Terminal } from './terminal.ts';
import { promptName, type Workspace } from './workspace.ts';
import { type Written, writeVersion } from './write-version.ts';

export type OptimizeOptions = OptimizationSelection & {
  /** Prompts at once. */
  readonly parallel: number;
  /** Folder for results; new versions go below it. */
  readonly out: string;
  /** Whether an accepted version replaces the file under prompts/. */
  readonly write: boolean;
  readonly command: string;
  readonly signal: AbortSignal;
};

/** The report, of the prompts that were done; and what ended the run before all were. */
export type OptimizeResult = {
  readonly report: RunReport & { readonly proposals: readonly Proposal[] };
  readonly failure: SharedRun<Proposal>['failure'];
};

/** Optimizes prompts, each within its share of the budget; accepted versions are written, nothing else is. */
export async function runOptimize(
  workspace: Workspace,
  session: Session,
  terminal: Terminal,
  options: OptimizeOptions,
): Promise<OptimizeResult> {
  const jobs = planOptimization(workspace, session, options);
  const board = progressBoard(terminal);
  const date = new Date(terminal.now()).toISOString().slice(0, 10);
  const place = { root: workspace.root, out: options.out, write: options.write, date };
  const under = { atOnce: options.parallel, now: terminal.now };
  const { results: proposals, failure } = await runShared(jobs, session, under, async (job, share) => {
    const started = terminal.now();
    const progress = board.open();
    try {
      const result = await optimizeJob(job, share, { ...options, onProgress: progress.onProgress });
      return proposalOf(job, result, writeVersion(job, result, place), terminal.now() - started);
    } finally {
      progress.end();
    }
  });
  return {
    report: {
      schema: reportSchemaVersion,
      command: options.command,
      version,
      prompts: proposals.flatMap(({ head, base, comparison }) => {
        const card = head ?? base;
        return card ? [promptReport(card, { elapsedMs: null, ...(comparison && { comparison }) })] : [];
      }),
      proposals,
      ...(failure && { ended: endOf(failure.error) }),
    },
    failure,
  };
}

async function optimizeJob(
  { task, splits, settings, proposer, learnt }: OptimizationJob,
  share: Share,
  { seed, signal, onProgress }: Pick<OptimizeOptions, 'seed' | 'signal'> & { onProgress: OnProgress },
): Promise<OptimizationResult> {
  const { prompt, family } = task;
  return optimizePrompt({
    prompt,
    splits,
    // What a judge costs is this prompt's, too.
    metrics: familyMetrics(family, promptName(prompt.id), share.tools),
    model: await share.model(prompt.model),
    proposer: proposer ? await share.model(proposer) : undefined,
    budget: share.budget,
    settings,
    seed,
    learnt,
    onProgress,
    signal,
  });
}

/** Why a run ended before all prompts were done, and how to go on. */
function endOf(error: unknown): string {
  const isStopped = error instanceof Error && error.name === 'AbortError';
  const why = isStopped ? 'it was stopped' : describeError(error);
  return `${why.replace(/[.]$/, '')}. Run the same command again to go on: answers so far are kept`;
}

function proposalOf(
  { task: { prompt } }: OptimizationJob,
  result: OptimizationResult,
  written: Written | null,
  elapsedMs: number,
): Proposal {
  const { accepted, reason, head, scorecards, comparison, search, changes, explanation, ablation, usage } =
    result;
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
    ...(ablation && { ablation }),
    usage,
    elapsedMs,
  };
}
