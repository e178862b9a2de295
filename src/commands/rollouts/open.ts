import { configurationFile } from '../../config/load.ts';
import type { RolloutConfiguration } from '../../config/rollout.ts';
import { inputError } from '../../errors.ts';
import type { StateBranch } from '../../host/state-branch.ts';
import type { Host } from '../context.ts';
import type { Workspace } from '../workspace.ts';

/** How the repository's versions are rolled out. Throws a PromptlineError where they are not. */
export function rolloutConfigurationOf({ configuration: { rollout } }: Workspace): RolloutConfiguration {
  if (rollout) return rollout;
  throw inputError('no rollouts are configured', 'Add `rollout: {}`, or with your own settings', {
    file: configurationFile,
  });
}

/** Runs `work` on the branch that holds the state of rollouts; removes what was fetched whatever happens. */
export async function withStateBranch<T>(
  { environment }: Host,
  workspace: Workspace,
  work: (branch: StateBranch) => Promise<T>,
): Promise<T> {
  const { branch: name } = rolloutConfigurationOf(workspace);
  // Most commands have no rollouts and do not load Git's client.
  const { openStateBranch } = await import('../../host/git-state-branch.ts');
  const branch = await openStateBranch(workspace.root, { name, environment });
  try {
    return await work(branch);
  } finally {
    branch.close();
  }
}
