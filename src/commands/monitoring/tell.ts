import { createHash } from 'node:crypto';
import type { AlertConfiguration } from '../../config/alerts.ts';
import { PromptlineError } from '../../errors.ts';
import type { Issue, RepositoryHost } from '../../host/repository-host.ts';
import type { MonitoringAlert } from '../../monitoring/monitor.ts';
import { alertIssue, alertMessage, resolutionText } from '../../reports/monitoring/markdown.ts';
import { sendToSlack } from '../slack.ts';

export type TellPlaces = {
  readonly host: Pick<RepositoryHost, 'openIssue' | 'issuesBeginning' | 'closeIssue'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** What somebody was told of now. */
export type Told = {
  readonly what: 'firing' | 'resolved' | 'not watched any more';
  readonly prompt: string | null;
  readonly url: string;
};

const MARKER = '<!-- promptline monitoring ';

/**
 * Tells of each alert once when it fires and once when it is resolved. The issues are the record of it: an open one is an alert that
 * fires; the issue comes first, so that a message that fails is not sent again at every look.
 *
 * @param alerts of every prompt that is monitored
 * @throws {PromptlineError} where GitHub cannot be asked: then the next look tells
 */
export async function tell(
  alerts: readonly MonitoringAlert[],
  configured: readonly AlertConfiguration[],
  places: TellPlaces,
): Promise<{ readonly told: readonly Told[]; readonly problems: readonly PromptlineError[] }> {
  const { host, now } = places;
  const latest = latestByKey(await host.issuesBeginning(MARKER));
  const told: Told[] = [];
  const problems: PromptlineError[] = [];
  const send = async (alert: MonitoringAlert, url: string) =>
    void problems.push(...(await sendMessages(alert, url, configured, places)));
  for (const alert of alerts) {
    const { state, firedAt } = alert.standing;
    const key = keyOf(alert);
    const issue = latest.get(key);
    if (state === 'firing' && firedAt !== null) {
      // One that was closed since it fires was closed by a person, who knows.
      if (issue && (issue.isOpen || (issue.closedAt ?? 0) >= firedAt)) continue;
      const marker = `${MARKER}${key} ${new Date(firedAt).toISOString()} -->`;
      const { url } = await host.openIssue({ marker, ...alertIssue(alert), labels: ['promptline'] });
      told.push({ what: 'firing', prompt: alert.prompt, url });
      await send(alert, url);
    } else if (issue?.isOpen && alert.standing.window !== null) {
      await host.closeIssue(issue.number, `${issue.body.trimEnd()}\n${resolutionText(alert, now)}`);
      told.push({ what: 'resolved', prompt: alert.prompt, url: issue.url });
      await send(alert, issue.url);
    }
  }
  // Without telemetry nothing is known to be over.
  const isKnown = alerts.some(({ standing }) => standing.window !== null);
  const watched = new Set(alerts.map(keyOf));
  for (const [key, issue] of latest) {
    if (!issue.isOpen || watched.has(key) || !isKnown) continue;
    await host.closeIssue(issue.number, `${issue.body.trimEnd()}\n${resolutionText(null, now)}`);
    told.push({ what: 'not watched any more', prompt: null, url: issue.url });
  }
  return { told, problems };
}

/** The newest issue of each alert. */
function latestByKey(newestFirst: readonly Issue[]): ReadonlyMap<string, Issue> {
  const latest = new Map<string, Issue>();
  for (const issue of newestFirst) {
    const key = issue.body.slice(MARKER.length).split(' ')[0] ?? '';
    if (!latest.has(key)) latest.set(key, issue);
  }
  return latest;
}

/** What an alert is about, whenever it fires: no text of a stranger's gets into the marker. */
function keyOf(alert: MonitoringAlert): string {
  const what =
    alert.kind === 'rule' ? ['rule', alert.rule.name, alert.arm] : ['drift', alert.drift, alert.subject];
  return createHash('sha256')
    .update(JSON.stringify([alert.prompt, ...what]))
    .digest('hex')
    .slice(0, 32);
}

async function sendMessages(
  alert: MonitoringAlert,
  url: string,
  configured: readonly AlertConfiguration[],
  { environment }: TellPlaces,
): Promise<readonly PromptlineError[]> {
  const message = { text: alertMessage(alert, url), about: alert.prompt };
  const problems: PromptlineError[] = [];
  for (const target of configured) {
    if (target.type !== 'slack') continue;
    try {
      await sendToSlack(target.urlEnv, message, environment);
    } catch (error) {
      if (!(error instanceof PromptlineError)) throw error;
      problems.push(error);
    }
  }
  return problems;
}
