import path from 'node:path';
import { describeError, PromptlineError } from '../../errors.ts';
import { loadPrompt, promptId } from '../../prompts/load.ts';
import { promptDigest } from '../../prompts/version.ts';
import type { Inventory, InventoryPrompt, RolloutInventory } from '../../reports/dashboard/dashboard.ts';
import { monitoringOf } from '../../reports/monitoring/for-dashboard.ts';
import { planOf } from '../../rollout/plan.ts';
import { describeIrregularity } from '../../telemetry/irregularities.ts';
import { attempt } from '../attempt.ts';
import type { Host } from '../context.ts';
import { type Monitored, readMonitoring } from '../monitor.ts';
import { withStateBranch } from '../rollouts/open.ts';
import { loadRollouts } from '../rollouts/state-files.ts';
import { loadScorebook } from '../scorebook-file.ts';
import { loadTask, openSplit, selectPromptFiles, type Workspace } from '../workspace.ts';
import { collectProduction } from './production.ts';
import { readRuns } from './runs.ts';

/** The prompts, and what production did with them; without a look at anything outside of the repository and its telemetry. */
export type Observed = Pick<Inventory, 'at' | 'prompts' | 'production'> & {
  /** Null where no telemetry is configured. */
  readonly monitored: Monitored | null;
  /** What could not be read. */
  readonly problems: readonly string[];
};

/**
 * Reads prompts and telemetry, the latter once.
 *
 * @throws {PromptlineError} where there are no prompts
 */
export async function observePrompts(host: Host, workspace: Workspace): Promise<Observed> {
  const problems: string[] = [];
  const note = (problem: string) => problems.push(problem);
  const prompts = selectPromptFiles(workspace, []).flatMap((file) => promptOf(workspace, file, note));
  const now = host.terminal.now();
  const uses = collectProduction(workspace, { prompts, now, environment: host.environment });
  const monitored = await readMonitoring(host, workspace, { listener: uses });
  for (const record of monitored?.irregularities ?? []) note(describeIrregularity(record));
  const at = new Date(now).toISOString();
  return { at, prompts, production: monitored && uses.production(), monitored, problems };
}

/**
 * Gathers what else is recorded of the repository's prompts. What cannot be read is named in `problems` and keeps nothing else from being
 * shown.
 */
export async function takeInventory(
  host: Host,
  workspace: Workspace,
  { at, prompts, production, monitored, problems }: Observed,
): Promise<Inventory> {
  const rollouts = await rolloutsOf(host, workspace);
  const unread: string[] = [];
  const runs = readRuns(workspace.root, (problem) => unread.push(problem));
  return {
    ...{ repository: nameOf(host, workspace), at, prompts, rollouts, production, runs },
    monitoring: monitored && monitoringOf(monitored.report),
    problems: [...problems, ...unread],
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
