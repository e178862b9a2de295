import type { Example, ExampleSource, Split } from '../datasets/dataset.ts';
import { requireFit } from '../datasets/inputs.ts';
import { limitTo, type Shard, shardOf, taggedWith } from '../datasets/select.ts';
import { describeError, PromptlineError } from '../errors.ts';
import type { MetricTools } from '../metrics/definition.ts';
import { stratumOf } from '../optimization/space.ts';
import type { Prompt } from '../prompts/prompt.ts';
import type { RunReport } from '../reports/run-report.ts';
import { attempt } from './attempt.ts';
import { type BasePrompt, openBase } from './base.ts';
import { loadTask, openSplit, type PromptTask, selectPromptFiles, type Workspace } from './workspace.ts';

/** What is to be measured. */
export type Selection = {
  /** Prompts; all when empty. */
  readonly ids: readonly string[];
  readonly split: Split;
  /** Only examples with one of these; all when empty. */
  readonly tags: readonly string[];
  /** A Git ref to compare with. */
  readonly base: string | undefined;
  /** Stands in for the model that the prompts name. */
  readonly model: string | undefined;
  readonly limit: number | undefined;
  readonly shard: Shard | undefined;
};

/** A prompt with the examples it is measured on. */
export type EvaluationJob = {
  readonly task: PromptTask;
  readonly source: ExampleSource;
  /** What it was at the base; null without one. Its prompt is null, too, where it cannot be measured today. */
  readonly before: BasePrompt | null;
};

export type EvaluationPlan = {
  readonly base: RunReport['base'] | null;
  readonly jobs: readonly EvaluationJob[];
  /** Prompts of which nothing changed since the base. */
  readonly unchanged: readonly string[];
};

export type EvaluationTools = {
  readonly metrics: MetricTools;
  /** Makes sure that a model can be asked, without asking it. */
  readonly open: (model: string) => Promise<unknown>;
};

/** Reads and checks everything, before the first call is paid. */
export async function planEvaluation(
  workspace: Workspace,
  { metrics, open }: EvaluationTools,
  { ids, split, tags, base: ref, model, limit, shard }: Selection,
): Promise<EvaluationPlan> {
  const opened = selectPromptFiles(workspace, ids).map((file) => {
    const task = loadTask(workspace, file, { model, tools: metrics });
    const whole = openSplit(workspace, task, split);
    return { task, whole, tagged: tags.length === 0 ? whole : taggedWith(whole, tags) };
  });
  const tasks = opened.map(({ task }) => task);
  const base = ref === undefined ? null : await openBase(workspace, { ref, tasks, model });
  try {
    const jobs: EvaluationJob[] = [];
    const unchanged: string[] = [];
    for (const { task, whole, tagged } of opened) {
      const before = base?.compare(task, split, whole) ?? null;
      // Prompts that were asked for by name are measured in any case.
      if (ids.length === 0 && before?.prompt && before.changes.length === 0) {
        unchanged.push(task.prompt.id);
        continue;
      }
      await open(task.prompt.model);
      const stratum = ({ expected }: Example) => stratumOf(task.prompt.output, expected);
      const limited = limitTo(tagged, limit ?? tagged.n, stratum);
      jobs.push({
        task,
        source: shard ? shardOf(limited, shard) : limited,
        // Judged on the examples of all shards: each must come to the same end.
        before: before && (await comparable(before, limited, open)),
      });
    }
    return {
      base: base && {
        ref: base.ref,
        commit: base.commit,
        ...(base.problem !== null && { problem: base.problem }),
      },
      jobs,
      unchanged,
    };
  } finally {
    base?.close();
  }
}

/** The earlier prompt, where it changed and can be measured today; else why it is not. */
async function comparable(
  before: BasePrompt,
  source: ExampleSource,
  open: EvaluationTools['open'],
): Promise<BasePrompt> {
  const { prompt, changes } = before;
  if (prompt === null) return before;
  const problem = changes.includes('the prompt')
    ? (misfit(prompt, source) ?? (await misnomer(prompt, open)))
    : 'the prompt itself is unchanged';
  return problem === null ? before : { ...before, prompt: null, problem };
}

function misfit(prompt: Prompt, source: ExampleSource): string | null {
  const checked = attempt(() => {
    const inspect = requireFit(prompt);
    for (const example of source.examples()) inspect({ example, place: () => ({ file: source.path }) });
  });
  return 'problem' in checked ? `it cannot be measured on today's examples: ${checked.problem}` : null;
}

/** Why the model that a prompt names is none today. A failure of the outside is thrown: it may be gone at the next run. */
async function misnomer({ model }: Prompt, open: EvaluationTools['open']): Promise<string | null> {
  try {
    await open(model);
    return null;
  } catch (error) {
    if (!(error instanceof PromptlineError) || error.kind !== 'input') throw error;
    return `its model cannot be asked today: ${describeError(error)}`;
  }
}
