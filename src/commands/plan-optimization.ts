import type { OptimizeConfiguration } from '../config/schema.ts';
import { learntBefore } from '../optimization/scorebook.ts';
import { planSearch, type SearchPlan } from '../optimization/search-plan.ts';
import { type Learnt, learntFrom, siblingsOf } from '../optimization/starts.ts';
import { findPromptFiles, loadPrompt } from '../prompts/load.ts';
import type { Prompt } from '../prompts/prompt.ts';
import { attempt } from './attempt.ts';
import { loadScorebook } from './scorebook-file.ts';
import type { Session } from './session.ts';
import {
  loadSplits,
  loadTask,
  type PromptTask,
  requireObjective,
  selectPromptFiles,
  type Workspace,
} from './workspace.ts';

/** What is to be optimized, and how. */
export type OptimizationSelection = {
  /** Prompts; all when empty. */
  readonly ids: readonly string[];
  /** Stands in for the model that the prompts name. */
  readonly model: string | undefined;
  readonly strategy: OptimizeConfiguration['strategy'] | undefined;
  /** Of each prompt. */
  readonly calls: number | undefined;
  readonly seed: number;
};

/** A prompt with all that its optimization needs. */
export type OptimizationJob = {
  readonly task: PromptTask;
  readonly splits: ReturnType<typeof loadSplits>;
  readonly settings: OptimizeConfiguration;
  /** The model that writes instructions; undefined where none is configured or the strategy asks none. */
  readonly proposer: string | undefined;
  readonly learnt: readonly Learnt[];
  readonly plan: SearchPlan;
};

/** Strategies that use a proposer where one is configured; the others must not need its key. */
const asksProposer: ReadonlySet<OptimizeConfiguration['strategy']> = new Set([
  'auto',
  'reflection',
  'playbook',
  'gepa',
  'demonstrations',
]);

/** Siblings whose prompts a search begins with. */
const mostSiblings = 3;

/** Reads and checks everything, before the first call is paid. */
export function planOptimization(
  workspace: Workspace,
  { tools }: Pick<Session, 'tools'>,
  { ids, model, strategy: asked, calls }: OptimizationSelection,
): OptimizationJob[] {
  const { root, configuration } = workspace;
  const all = findPromptFiles(root).flatMap((file) => {
    // One that cannot be read is no sibling; where it is to be optimized itself, that is said below.
    const loaded = attempt(() => loadPrompt(root, file, configuration.models.task));
    return 'problem' in loaded ? [] : [loaded.value];
  });
  return selectPromptFiles(workspace, ids).map((file) => {
    const task = loadTask(workspace, file, { model, tools });
    requireObjective(task);
    const splits = loadSplits(workspace, task);
    const { prompt, family } = task;
    const strategy = asked ?? family.optimize.strategy;
    const proposer = asksProposer.has(strategy) ? configuration.models.proposer : undefined;
    const settings = { ...family.optimize, calls: calls ?? family.optimize.calls, strategy };
    return {
      task,
      splits,
      settings,
      proposer,
      learnt: [...learntBefore(loadScorebook(root, prompt.id)), ...transferred(prompt, all, splits)],
      plan: planSearch({ prompt, splits, settings }, proposer !== undefined),
    };
  });
}

function transferred(prompt: Prompt, all: readonly Prompt[], { train }: OptimizationJob['splits']): Learnt[] {
  return siblingsOf(prompt, all)
    .slice(0, mostSiblings)
    .flatMap((sibling) => learntFrom(sibling, prompt, train.examples) ?? []);
}
