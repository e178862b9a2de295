import type { MonitoringAlert, MonitoringReport, PromptMonitoring } from '../../monitoring/monitor.ts';
import { markdownText, slackText } from '../hostile.ts';
import { figure, list, table } from '../markdown/blocks.ts';
import { alertHeadline, alertReasons, moment } from './alert-text.ts';
import { columnsOf, readWords, rowsOf } from './tables.ts';

/** The report for a job's summary. */
export function monitoringMarkdown(report: MonitoringReport): string {
  const parts = [
    '# Production',
    ...report.prompts.flatMap((prompt) => promptBlocks(prompt, report.at)),
    readWords(report),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** An alert that fires as the text of an issue. */
export function alertIssue(alert: MonitoringAlert): { readonly title: string; readonly body: string } {
  const body = [
    list(alertReasons(alert).map((reason) => markdownText(reason, 500))),
    '`promptline status` shows where it stands. This issue is closed when it is resolved; it is opened anew where somebody closes it before and it goes on for more than a day.',
  ].join('\n\n');
  return { title: markdownText(alertHeadline(alert), 200), body: `${body}\n` };
}

/** What is added to the issue's text when the alert is over; null: what it watched is not watched any more. */
export function resolutionText(alert: MonitoringAlert | null, at: number): string {
  if (alert === null) return `\n**Closed ${moment(at)}:** this is not watched any more.\n`;
  const reasons = alertReasons(alert).map((reason) => markdownText(reason, 500));
  return `\n**Resolved, seen ${moment(at)}:**\n\n${list(reasons.length > 0 ? reasons : ['there are no calls any more'])}\n`;
}

/** An alert as a message in Slack's markup. */
export function alertMessage(alert: MonitoringAlert, url: string): string {
  const reasons = alertReasons(alert).map((reason) => `• ${reason}`);
  return slackText([`*${alertHeadline(alert)}*`, ...reasons, url].join('\n'));
}

function promptBlocks(prompt: PromptMonitoring, at: number): readonly string[] {
  const shown = prompt.alerts.filter(({ standing }) => standing.state !== 'quiet');
  const entries = shown.flatMap((alert) => [
    `**${alert.standing.state}** ${markdownText(alertHeadline(alert))}: ${markdownText(alertReasons(alert).join('; '), 900)}`,
  ]);
  return [
    `## ${markdownText(prompt.prompt, 120)}`,
    ...(entries.length > 0 ? [list(entries)] : []),
    prompt.windows.length === 0 ? 'No calls.' : windowTable(prompt, at),
  ];
}

function windowTable(prompt: PromptMonitoring, at: number): string {
  const names = columnsOf(prompt).map((name) => ({ name: markdownText(name, 40), numeric: true }));
  const rows = rowsOf(prompt, at).map(({ window, version, model, cells }) => [
    window,
    markdownText(version, 60),
    markdownText(model, 60),
    ...cells.map(figure),
  ]);
  return table([{ name: 'window' }, { name: 'version' }, { name: 'model' }, ...names], rows);
}
