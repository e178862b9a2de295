import type { MonitoringReport, PromptMonitoring } from '../../monitoring/monitor.ts';
import { windowOf } from '../../monitoring/units.ts';
import { displayWidth, padToWidth } from '../display-width.ts';
import { terminalText } from '../hostile.ts';
import type { Paint } from '../terminal/paint.ts';
import { alertHeadline, alertReasons, moment } from './alert-text.ts';
import { columnsOf, readWords, rowsOf } from './tables.ts';

const GAP = '  ';
const HOUR = 3_600_000;

/** Windows, alerts and drift of each prompt as lines for a terminal. */
export function monitoringLines(report: MonitoringReport, paint: Paint): readonly string[] {
  return [...report.prompts.flatMap((prompt) => promptLines(prompt, report.at, paint)), readWords(report)];
}

function promptLines(prompt: PromptMonitoring, at: number, paint: Paint): readonly string[] {
  const shown = prompt.alerts.filter(({ standing }) => standing.state !== 'quiet');
  return [
    paint('bold', terminalText(prompt.prompt)),
    ...(prompt.windows.length === 0
      ? [`${GAP}no calls until ${moment(windowOf(at, HOUR))}, the end of the last full hour`]
      : windowLines(prompt, at)),
    ...shown.flatMap((alert) => [
      paint(
        alert.standing.state === 'firing' ? 'red' : 'yellow',
        // Of every other state the headline itself tells.
        `${GAP}${alert.standing.state === 'firing' ? `firing${GAP}` : ''}${alertHeadline(alert)}`,
      ),
      ...alertReasons(alert).map((reason) => `${GAP}${GAP}${reason}`),
    ]),
    ...(shown.length === 0 && prompt.windows.length > 0 ? [`${GAP}no alert, no drift`] : []),
    '',
  ];
}

function windowLines(prompt: PromptMonitoring, at: number): readonly string[] {
  const header = ['', 'version', 'model', ...columnsOf(prompt).map((name) => terminalText(name, 30))];
  const rows = rowsOf(prompt, at).map(({ window, version, model, cells }) => [
    window,
    terminalText(version, 30),
    terminalText(model, 40),
    ...cells,
  ]);
  const widths = header.map((_, index) =>
    Math.max(...[header, ...rows].map((row) => displayWidth(row[index] ?? ''))),
  );
  return [header, ...rows].map((row) =>
    `${GAP}${row.map((cell, index) => padToWidth(cell, widths[index] ?? 0, index < 3 ? 'left' : 'right')).join(GAP)}`.trimEnd(),
  );
}
