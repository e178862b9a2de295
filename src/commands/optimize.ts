import path from 'node:path';
import type { OptimizeConfiguration } from '../config/schema.ts';
import { readText, writeWhole } from '../files/read-write.ts';
import { type OptimizationResult, optimizePrompt } from '../optimization/optimize.ts';
import type { Proposal } from '../optimization/proposal.ts';
import { nextVersion } from '../prompts/version.ts';
import { writePromptVersion } from '../prompts/write.ts';
import { promptReport } from '../reports/prompt-report.ts';
import { type RunReport, reportSchemaVersion } from '../reports/run-report.ts';
import { version } from '../version.ts';
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
  'demonstrations',
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
  for (const { task, splits } of tasks) {
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
      onProgress: progress.onProgress,
      signal: options.signal,
    });
    progress.end();
    const written = result.accepted && result.head ? writeVersion(task, result.head.messages, options) : null;
    proposals.push(proposalOf(task, result, written, terminal.now() - started));
  }
  return {
    schema: reportSchemaVersion,
    command: options.command,
    version,
    prompts: proposals.flatMap(({ head, base, comparison }) => {
      const card = head ?? base;
      return card ? [promptReport(card, { elapsedMs: null, ...(comparison && { comparison }) })] : [];
    }),
    proposals,
  };
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
