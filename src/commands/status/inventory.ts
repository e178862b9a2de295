import path from 'node:path';
import { describeError, PromptlineError } from '../../errors.ts';
import { loadPrompt, promptId } from '../../prompts/load.ts';
import { promptDigest } from '../../prompts/version.ts';
import type { Inventory, InventoryPrompt, RolloutInventory } from '../../reports/dashboard/dashboard.ts';
import { planOf } from '../../rollout/plan.ts';
import { attempt } from '../attempt.ts';
import type { Host } from '../context.ts';
import { withStateBranch } from '../rollouts/open.ts';
import { loadRollouts } from '../rollouts/state-files.ts';
import { loadScorebook } from '../scorebook-file.ts';
import { loadTask, openSplit, selectPromptFiles, type Workspace } from '../workspace.ts';
import { readProduction } from './production.ts';
import { readRuns } from './runs.ts';

/**
 * Gathers what is recorded of the repository's prompts. What cannot be read is named in `problems` and keeps nothing else from being shown.
 *
 * @throws {PromptlineError} where there are no prompts
 */
export async function takeInventory(
  host: Host,
  workspace: Workspace,
  monitoring: Inventory['monitoring'],
): Promise<Inventory> {
  const problems: string[] = [];
  const note = (problem: string) => problems.push(problem);
  const prompts = selectPromptFiles(workspace, []).flatMap((file) => promptOf(workspace, file, note));
  const now = host.terminal.now();
  return {
    repository: nameOf(host, workspace),
    at: new Date(now).toISOString(),
    prompts,
    rollouts: await rolloutsOf(host, workspace),
    production: await readProduction(workspace, { prompts, now, environment: host.environment, note }),
    monitoring,
    runs: readRuns(workspace.root, note),
    problems,
  };
}

/** `owner/name` inside of Actions, the folder's name elsewhere. */
function nameOf({ environment }: Host, { root }: Workspace): string {
  return environment['GITHUB_REPOSITORY'] ?? path.basename(path.resolve(root));
}

function promptOf(workspace: Workspace, file: string, note: (problem: string) => void): InventoryPrompt[] {
  const { root, configuration } = workspace;
  const loaded = attempt(() => loadPrompt(root, file, configuration.models.task));
  if ('problem' in loaded) {
    note(loaded.problem);
    return [];
  }
  const prompt = loaded.value;
  const id = promptId(root, file);
  const known = <T>(work: () => T): T | null => {
    const found = attempt(work);
    if ('value' in found) return found.value;
    note(found.problem);
    return null;
  };
  const task = known(() => loadTask(workspace, file));
  const test = task && known(() => openSplit(workspace, task, 'test'));
  return [
    {
      id,
      version: prompt.version,
      model: prompt.model,
      path: prompt.path,
      digest: promptDigest(prompt),
      test: test && { path: test.path, digest: test.digest, n: test.n },
      hasObjective: task?.metrics.some(({ weight }) => weight > 0) ?? false,
      entries: known(() => loadScorebook(root, id)) ?? [],
    },
  ];
}

async function rolloutsOf(host: Host, workspace: Workspace): Promise<RolloutInventory> {
  const { rollout } = workspace.configuration;
  if (!rollout) return { plan: null, states: [], problem: null };
  try {
    const plan = planOf(rollout);
    const { states } = await withStateBranch(host, workspace, loadRollouts);
    return { plan, states: [...states.values()], problem: null };
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    return { plan: null, states: [], problem: describeError(error) };
  }
}
