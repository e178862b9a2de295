import type { LogEntry } from '../../rollout/state.ts';
import { markdownText, slackText, terminalText } from '../hostile.ts';
import { list } from '../markdown/blocks.ts';
import { formatMoment } from '../numbers.ts';

/** What a prompt's rollout did that somebody should know. */
export type Alert = { readonly prompt: string; readonly entry: LogEntry };

/** One line: `query_processing/default 1.1.0 is reverted`. */
function alertHeadline({ prompt, entry: { what, version, percent } }: Alert): string {
  const subject = version === null ? prompt : `${prompt} ${version}`;
  const where = percent === null || percent === 0 ? '' : ` at ${percent} %`;
  return terminalText(`${subject} is ${what}${where}`, 300);
}

/** As a message in Slack's own markup, in which nothing of a stranger's can mention or link. */
export function alertForSlack(alert: Alert): string {
  const { at, by, reasons } = alert.entry;
  const lines = [`*${alertHeadline(alert)}*`, ...reasons.map((reason) => `• ${terminalText(reason, 500)}`)];
  return slackText([...lines, `${formatMoment(at)}, by ${terminalText(by, 80)}`].join('\n'));
}

/** As the text of an issue. */
export function alertForIssue(alert: Alert): { readonly title: string; readonly body: string } {
  const { at, by, reasons } = alert.entry;
  const why = reasons.map((reason) => markdownText(reason, 500));
  const body = [
    `Since ${formatMoment(at)}, by ${markdownText(by, 80)}:`,
    list(why.length > 0 ? why : ['no reason was given']),
    'It goes on by itself when the cause is gone. `promptline rollout status` shows where it stands; `promptline rollout revert` takes the version back.',
  ].join('\n\n');
  return { title: markdownText(alertHeadline(alert), 200), body: `${body}\n` };
}
