import { rareLabels } from '../datasets/balance.ts';
import type { Dataset, Split } from '../datasets/dataset.ts';
import { findLeaks } from '../datasets/leaks.ts';
import { inputError, PromptlineError } from '../errors.ts';
import { parseAnswer, renderAnswer } from '../formats/codec.ts';
import { loadScorebook } from './scorebook-file.ts';
import { loadSplit, loadTask, type PromptTask, selectPromptFiles, type Workspace } from './workspace.ts';

export type CheckResult = {
  readonly prompts: number;
  readonly examples: number;
  readonly errors: readonly PromptlineError[];
  /** What is not wrong and may still mislead, a line each. */
  readonly warnings: readonly string[];
  /** The prompts that load. */
  readonly tasks: readonly PromptTask[];
};

/** Validates prompts, datasets and their fit, and scorebooks, offline. Collects every error instead of stopping at the first. */
export function runCheck(workspace: Workspace, ids: readonly string[]): CheckResult {
  const errors: PromptlineError[] = [];
  const warnings = new Set<string>();
  const datasets = new Map<string, Dataset>();
  const collect = <T>(run: () => T): T | null => {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof PromptlineError)) throw error;
      errors.push(error, ...error.also);
      return null;
    }
  };
  const files = selectPromptFiles(workspace, ids);
  const tasks: PromptTask[] = [];
  for (const file of files) {
    const task = collect(() => loadTask(workspace, file));
    if (!task) continue;
    collect(() => loadScorebook(workspace.root, task.prompt.id));
    tasks.push(task);
    const splits = splitsOf(task).flatMap((split) => collect(() => loadSplit(workspace, task, split)) ?? []);
    for (const dataset of splits) {
      errors.push(...referenceErrors(task, dataset));
      for (const warning of imbalance(task, dataset)) warnings.add(warning);
      datasets.set(dataset.path, dataset);
    }
    errors.push(...findLeaks(splits));
  }
  const examples = [...datasets.values()].reduce((sum, dataset) => sum + dataset.examples.length, 0);
  return { prompts: files.length, examples, errors: unique(errors), warnings: [...warnings], tasks };
}

/** Says which labels a split hardly holds. */
function imbalance({ prompt: { output } }: PromptTask, { path, examples }: Dataset): string[] {
  if (output.format !== 'label') return [];
  const labels = examples.map(({ expected }) => String(expected[output.field]));
  return rareLabels(labels, output.labels ?? []).map(
    ({ label, count, fair }) =>
      `${path}: "${label}" has ${count} of ${labels.length} rows, ${fair.toFixed(1)} would be its part; scores say little of it`,
  );
}

function splitsOf({ family }: PromptTask): Split[] {
  const all: Split[] = ['train', 'dev', 'test'];
  const { datasets } = family;
  return typeof datasets === 'string' ? all : all.filter((split) => datasets[split] !== undefined);
}

/** Rows whose reference answer does not survive the prompt's own output format could never be answered right. */
function referenceErrors({ prompt }: PromptTask, dataset: Dataset): PromptlineError[] {
  return dataset.examples.flatMap((example) => {
    const { problems } = parseAnswer(
      prompt.output,
      renderAnswer(prompt.output, example.expected),
      example.input,
    );
    if (problems.length === 0) return [];
    return [
      inputError(
        `the reference answer of example "${example.id}" does not fit the output format of ${prompt.path}: ${problems.join('; ')}`,
        'Mend the row or the format',
        { file: dataset.path },
      ),
    ];
  });
}

/** Prompts of one family share datasets: each error once. */
function unique(errors: readonly PromptlineError[]): PromptlineError[] {
  const seen = new Map(errors.map((error) => [`${JSON.stringify(error.location)} ${error.message}`, error]));
  return [...seen.values()];
}
