import { createHash } from 'node:crypto';
import type { AlertConfiguration } from '../../config/alerts.ts';
import { inputError, outsideError, type PromptlineError } from '../../errors.ts';
import type { RepositoryHost } from '../../host/repository-host.ts';
import { type Alert, alertForIssue, alertForSlack } from '../../reports/rollout/alert.ts';

export type AlertPlaces = {
  readonly host: Pick<RepositoryHost, 'openIssue'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

/** Milliseconds for an answer. */
const ANSWER_WITHIN = 10_000;

/** Times that a message is sent until it is given up. */
const ATTEMPTS = 2;

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
  if (configured.type === 'slack') return sendToSlack(configured.urlEnv, alert, places);
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

async function sendToSlack(urlEnv: string, alert: Alert, { environment }: AlertPlaces): Promise<void> {
  const url = environment[urlEnv];
  if (!url)
    throw inputError(`${urlEnv} is not set, so nobody was told`, 'Set it to the address of the webhook');
  const body = JSON.stringify({ text: alertForSlack(alert) });
  let problem = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      });
      await response.body?.cancel();
      if (response.ok) return;
      problem = `it answered ${response.status}`;
    } catch (error) {
      // The address is a secret, and fetch puts it into some of its messages.
      problem =
        error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : 'no connection';
    }
  }
  throw outsideError(
    `the webhook of ${urlEnv} was not told of ${alert.prompt}: ${problem}`,
    'Check the address; the rollout itself is not affected',
  );
}

function combined(failures: readonly unknown[]): PromptlineError {
  const reasons = failures.map((failure) => (failure instanceof Error ? failure.message : String(failure)));
  return outsideError(`not everybody was told: ${reasons.join('; ')}`, 'Check `alerts` in promptline.yaml');
}
