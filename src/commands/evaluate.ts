import type { Example, ExampleSource, Split } from '../datasets/dataset.ts';
import { requireInputs } from '../datasets/inputs.ts';
import { limitTo, type Shard, shardOf } from '../datasets/select.ts';
import { describeError, PromptlineError } from '../errors.ts';
import { stratumOf } from '../optimization/space.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { messagePlaceholders } from '../prompts/render.ts';
import { type RunReport, reportSchemaVersion } from '../reports/run-report.ts';
import { version } from '../version.ts';
import { type Base, type BasePrompt, openBase } from './base.ts';
import { type JudgedPrompt, judgePrompt } from './judge-prompt.ts';
import { measurePrompt } from './measure-prompt.ts';
import type { Session } from './session.ts';
import { showProgress, type Terminal } from './terminal.ts';
import { loadTask, openSplit, type PromptTask, selectPromptFiles, type Workspace } from './workspace.ts';

export type EvaluateOptions = {
  readonly ids: readonly string[];
  readonly split: Split;
  /** A Git ref to compare with. */
  readonly base: string | undefined;
  readonly model: string | undefined;
  readonly limit: number | undefined;
  readonly shard: Shard | undefined;
  readonly repeat: number;
  /** Folder for results. */
  readonly out: string;
  /** The command that repeats it. */
  readonly command: string;
  readonly signal: AbortSignal;
};

/** A prompt with the examples it is measured on. */
export type EvaluationJob = {
  readonly task: PromptTask;
  readonly source: ExampleSource;
  /** What it was at the base; null without one. */
  readonly before: BasePrompt | null;
};

export type EvaluateResult = { readonly report: RunReport; readonly failedGates: readonly string[] };

/** Measures prompts on a split, and with a base only those that changed; returns the report and the gates that failed. */
export async function runEvaluate(
  workspace: Workspace,
  session: Session,
  terminal: Terminal,
  options: EvaluateOptions,
): Promise<EvaluateResult> {
  const { base, jobs, unchanged } = await planEvaluation(workspace, session, options);
  const progress = showProgress(terminal);
  const judged: JudgedPrompt[] = [];
  try {
    for (const job of jobs)
      judged.push(await evaluateJob(session, terminal, job, { ...options, onProgress: progress.onProgress }));
  } finally {
    progress.end();
    base?.close();
  }
  return {
    report: {
      schema: reportSchemaVersion,
      command: options.command,
      version,
      prompts: judged.map(({ report }) => report),
      ...(base && {
        base: { ref: base.ref, commit: base.commit, ...(base.problem !== null && { problem: base.problem }) },
        unchanged,
      }),
      ...(options.shard && { shard: options.shard }),
    },
    // A part of the examples is judged when all are joined.
    failedGates: options.shard
      ? []
      : judged.flatMap(({ report, failedGates }) => failedGates.map((reason) => `${report.id}: ${reason}`)),
  };
}

/** Reads and checks everything, before the first call is paid. Close the base when done with it. */
export async function planEvaluation(
  workspace: Workspace,
  session: Pick<Session, 'tools'>,
  { ids, split, base: ref, model, limit, shard }: EvaluateOptions,
): Promise<{ base: Base | null; jobs: readonly EvaluationJob[]; unchanged: readonly string[] }> {
  const opened = selectPromptFiles(workspace, ids).map((file) => {
    const task = loadTask(workspace, file, { model, tools: session.tools });
    return { task, whole: openSplit(workspace, task, split) };
  });
  const base =
    ref === undefined
      ? null
      : await openBase(
          workspace,
          ref,
          opened.map(({ task }) => task),
        );
  try {
    const jobs = opened.map(({ task, whole }): EvaluationJob => {
      const stratum = ({ expected }: Example) => stratumOf(task.prompt.output, expected);
      const limited = limitTo(whole, limit ?? whole.n, stratum);
      const source = shard ? shardOf(limited, shard) : limited;
      const before = base?.compare(task, split, whole) ?? null;
      return { task, source, before: before && withModel(before, model) };
    });
    // Prompts that were asked for by name are measured in any case.
    const isDue = ({ before }: EvaluationJob) =>
      before === null || ids.length > 0 || before.prompt === null || before.changes.length > 0;
    return {
      base,
      jobs: jobs.filter(isDue),
      unchanged: jobs.filter((job) => !isDue(job)).map(({ task }) => task.prompt.id),
    };
  } catch (error) {
    base?.close();
    throw error;
  }
}

function withModel(before: BasePrompt, model: string | undefined): BasePrompt {
  if (model === undefined || before.prompt === null) return before;
  return { ...before, prompt: { ...before.prompt, model } };
}

async function evaluateJob(
  session: Session,
  terminal: Terminal,
  { task, source, before }: EvaluationJob,
  options: EvaluateOptions & { onProgress: ReturnType<typeof showProgress>['onProgress'] },
): Promise<JudgedPrompt> {
  const { repeat, out, onProgress, signal } = options;
  const how = { repeat, out, onProgress, signal, now: terminal.now };
  const head = await measurePrompt(session, task, task.prompt, source, { ...how, side: 'head' });
  const earlier = before && comparable(before, source);
  const base = earlier?.prompt
    ? await measurePrompt(session, task, earlier.prompt, source, { ...how, side: 'base' })
    : null;
  return judgePrompt(task, source, head, base, earlier);
}

/** The earlier prompt, where it changed and can be measured on today's examples; else why it is not. */
export function comparable(before: BasePrompt, source: ExampleSource): BasePrompt {
  if (before.prompt === null) return before;
  if (!before.changes.includes('the prompt'))
    return { ...before, prompt: null, problem: 'the prompt itself is unchanged' };
  const problem = missingInput(before.prompt, source);
  return problem === null ? before : { ...before, prompt: null, problem };
}

function missingInput(prompt: Prompt, source: ExampleSource): string | null {
  const inspect = requireInputs(messagePlaceholders(prompt.messages), prompt.path);
  try {
    for (const example of source.examples()) inspect({ example, place: () => ({ file: source.path }) });
    return null;
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    return `it cannot be measured on today's examples: ${describeError(error)}`;
  }
}
