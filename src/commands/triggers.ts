import { promptDigest } from '../prompts/version.ts';
import { attempt } from './attempt.ts';
import { loadScorebook } from './scorebook-file.ts';
import { loadSplit, loadTask, requireObjective, selectPromptFiles, type Workspace } from './workspace.ts';

/** A family that is worth optimizing now. */
type Due = {
  readonly family: string;
  /** Its prompts that are due. */
  readonly ids: readonly string[];
  readonly reasons: readonly string[];
};

/** What is due, and why prompts could not be judged, a line each: one broken file keeps no other prompt from being optimized. */
export type Triggered = { readonly due: readonly Due[]; readonly problems: readonly string[] };

/** Decides which prompts are due for optimization: those whose wording, model or test data no scorebook entry speaks of. */
export function dueFamilies(workspace: Workspace, ids: readonly string[]): Triggered {
  const problems: string[] = [];
  const due = selectPromptFiles(workspace, ids).flatMap((file) => {
    const loaded = attempt(() => {
      const task = loadTask(workspace, file);
      requireObjective(task);
      const test = loadSplit(workspace, task, 'test');
      return { task, test, entries: loadScorebook(workspace.root, task.prompt.id) };
    });
    if ('problem' in loaded) {
      problems.push(loaded.problem);
      return [];
    }
    const { task, test, entries } = loaded.value;
    const { prompt } = task;
    const asked = ids.length > 0 ? 'it was asked for' : null;
    const reason = asked ?? reasonFor(promptDigest(prompt), test.digest, entries);
    return reason === null ? [] : [{ family: prompt.family, id: prompt.id, reason }];
  });
  const families = [...Map.groupBy(due, ({ family }) => family)].map(([family, members]) => ({
    family,
    ids: members.map(({ id }) => id),
    reasons: [...new Set(members.map(({ id, reason }) => `${id}: ${reason}`))],
  }));
  return { due: families, problems };
}

function reasonFor(
  digest: string,
  data: string,
  entries: readonly { readonly digest: string; readonly dataset: { readonly digest: string } }[],
): string | null {
  const own = entries.filter((entry) => entry.digest === digest);
  if (own.some(({ dataset }) => dataset.digest === data)) return null;
  if (own.length > 0) return 'its test data changed since it was measured';
  return entries.length > 0 ? 'it changed since it was measured' : 'it was never optimized';
}
