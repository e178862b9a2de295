import { createHash } from 'node:crypto';
import type { AlertConfiguration } from '../../config/alerts.ts';
import { outsideError, type PromptlineError } from '../../errors.ts';
import type { RepositoryHost } from '../../host/repository-host.ts';
import { type Alert, alertForIssue, alertForSlack } from '../../reports/rollout/alert.ts';
import { sendToSlack } from '../slack.ts';

export type AlertPlaces = {
  readonly host: Pick<RepositoryHost, 'openIssue'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/**
 * Tells everybody who is configured, at once. What is served has changed before, so nothing waits for this.
 *
 * @throws {PromptlineError} that names each way that failed, after all were tried
 */
export async function sendAlert(
  alerts: readonly AlertConfiguration[],
  alert: Alert,
  places: AlertPlaces,
): Promise<void> {
  const sent = await Promise.allSettled(alerts.map((configured) => send(configured, alert, places)));
  const failures = sent.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  const [first] = failures;
  if (first !== undefined) throw failures.length === 1 ? first : combined(failures);
}

async function send(configured: AlertConfiguration, alert: Alert, places: AlertPlaces): Promise<void> {
  if (configured.type === 'slack') {
    const message = { text: alertForSlack(alert), about: alert.prompt };
    return sendToSlack(configured.urlEnv, message, places.environment);
  }
  // A revert has an issue of its own.
  if (alert.entry.what === 'reverted') return;
  const { prompt, entry } = alert;
  const digest = createHash('sha256')
    .update(JSON.stringify([prompt, entry.at, entry.what]))
    .digest('hex');
  await places.host.openIssue({
    marker: `<!-- promptline alert ${digest.slice(0, 32)} -->`,
    ...alertForIssue(alert),
    labels: ['promptline'],
  });
}

function combined(failures: readonly unknown[]): PromptlineError {
  const reasons = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
  return outsideError(`not everybody was told: ${reasons.join('; ')}`, 'Check `alerts` in promptline.yaml');
}
