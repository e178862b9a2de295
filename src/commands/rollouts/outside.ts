import path from 'node:path';
import type { AlertConfiguration } from '../../config/alerts.ts';
import { PromptlineError } from '../../errors.ts';
import { checkoutOf } from '../../host/checkout.ts';
import type { ReleaseHost } from '../../host/release-host.ts';
import type { RepositoryHost } from '../../host/repository-host.ts';
import type { StateBranch } from '../../host/state-branch.ts';
import { planOf } from '../../rollout/plan.ts';
import type { Host } from '../context.ts';
import { openRepositoryHost } from '../repository-host.ts';
import type { Workspace } from '../workspace.ts';
import { sendAlert } from './alerts.ts';
import type { Outside } from './carry-out.ts';
import { rolloutConfigurationOf } from './open.ts';
import { noPublisher, openPublisher, type Publisher } from './publisher.ts';

/**
 * Where the effects of this repository's rollouts take place. A revert needs the state branch alone: without GitHub, or a token for it,
 * only its records fail, and are made later.
 */
export async function openOutside(host: Host, workspace: Workspace, branch: StateBranch): Promise<Outside> {
  const { root, configuration } = workspace;
  const folder = path.relative(await checkoutOf(root), root);
  const github = await openOrRefuse(host, root);
  const alerts: readonly AlertConfiguration[] = configuration.alerts;
  return {
    branch,
    publisher: publisherOf(host, workspace, branch),
    host: github,
    plan: planOf(rolloutConfigurationOf(workspace)),
    defaultModel: configuration.models.task,
    folder: folder === '' ? '' : `${folder.split(path.sep).join('/')}/`,
    alert: (prompt, entry) =>
      sendAlert(alerts, { prompt, entry }, { host: github, environment: host.environment }),
  };
}

/** How what is served is published, as the configuration says. */
export function publisherOf({ environment }: Host, workspace: Workspace, branch: StateBranch): Publisher {
  const { publish } = rolloutConfigurationOf(workspace);
  return publish ? openPublisher(branch, { ...publish, root: workspace.root, environment }) : noPublisher;
}

async function openOrRefuse(host: Host, root: string): Promise<RepositoryHost & ReleaseHost> {
  try {
    return await openRepositoryHost(host, root);
  } catch (error) {
    if (!(error instanceof PromptlineError)) throw error;
    return refusingHost(error);
  }
}

/** A host that cannot be reached: whatever is asked of it fails with the reason. */
function refusingHost(error: PromptlineError): RepositoryHost & ReleaseHost {
  return new Proxy<RepositoryHost & ReleaseHost>(Object.create(null), {
    get: (_, name) => (name === 'repository' || name === 'then' ? undefined : () => Promise.reject(error)),
  });
}
