import type { CheckReport } from '../reports/check-report.ts';
import { diffMessages } from '../reports/prompt-diff.ts';
import { attempt } from './attempt.ts';
import { openBase } from './base.ts';
import { openSplit, type PromptTask, type Workspace } from './workspace.ts';

/**
 * The prompts that changed since a ref and how their wording differs. Asks no model.
 * @param tasks the prompts that load; those whose test split does not are left out, their errors are told elsewhere
 * @throws {PromptlineError} where there is no such ref
 */
export async function changesSinceRef(
  workspace: Workspace,
  tasks: readonly PromptTask[],
  ref: string,
): Promise<Required<Pick<CheckReport, 'base' | 'changed'>>> {
  const base = await openBase(workspace, { ref, tasks, model: undefined });
  try {
    const changed = tasks.flatMap((task) => {
      const opened = attempt(() => openSplit(workspace, task, 'test'));
      if ('problem' in opened) return [];
      const { prompt: before, changes } = base.compare(task, 'test', opened.value);
      if (before && changes.length === 0) return [];
      const diff = diffMessages(before?.messages ?? [], task.prompt.messages);
      return [{ id: task.prompt.id, changes, diff }];
    });
    return { base: { ref, commit: base.commit }, changed };
  } finally {
    base.close();
  }
}
