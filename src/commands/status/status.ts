import path from 'node:path';
import { styleText } from 'node:util';
import { describeError } from '../../errors.ts';
import { writeWhole } from '../../files/read-write.ts';
import type { MonitoringReport } from '../../monitoring/monitor.ts';
import type { Dashboard } from '../../reports/dashboard/dashboard.ts';
import { dashboardHtml } from '../../reports/dashboard/page.ts';
import { recommendationsOf } from '../../reports/dashboard/recommendations.ts';
import { renderDashboard } from '../../reports/dashboard/terminal.ts';
import { terminalText } from '../../reports/hostile.ts';
import { monitoringMarkdown } from '../../reports/monitoring/markdown.ts';
import { monitoringLines } from '../../reports/monitoring/terminal.ts';
import type { Paint } from '../../reports/terminal/paint.ts';
import { describeIrregularity } from '../../telemetry/irregularities.ts';
import { type Host, longestError } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Monitored } from '../monitor.ts';
import type { Told } from '../monitoring/tell.ts';
import { shownFromHere } from '../session.ts';
import type { Workspace } from '../workspace.ts';
import { type Telling, tellOfAlerts } from './alerts.ts';
import { documentOf } from './document.ts';
import { observePrompts, takeInventory } from './inventory.ts';

export type StatusOptions = {
  /** Prompts to show; empty: all. */
  readonly ids: readonly string[];
  /** File for the page; none where it is not asked for. */
  readonly html?: string | undefined;
  readonly json: boolean;
  /** Whether those who are to know of alerts are told. */
  readonly alert: boolean;
};

/** What is known of the prompts that are shown. */
type Shown = {
  readonly dashboard: Dashboard;
  /** Null where no telemetry is configured. */
  readonly production: MonitoringReport | null;
  readonly told: readonly Told[];
};

const nobody: Telling = { told: [], problems: [] };

/** Shows everything at a glance, tells of alerts and writes the page where that is asked for. */
export async function runStatus(
  host: Host,
  workspace: Workspace,
  { ids, html, json, alert }: StatusOptions,
): Promise<number> {
  const { terminal } = host;
  const observed = await observePrompts(host, workspace);
  const { monitored } = observed;
  const { told, problems } = alert ? await tellOfAlerts(host, workspace, monitored) : nobody;
  noteProblems(host, monitored, problems);
  const inventory = await takeInventory(host, workspace, observed);
  const whole = { ...inventory, recommendations: recommendationsOf(inventory) };
  const shown = { ...only(ids, whole, monitored?.report ?? null), told };
  host.onResult?.({ recommendations: shown.dashboard.recommendations });
  if (shown.production) host.onSummary?.(monitoringMarkdown(shown.production));
  if (json) terminal.out(`${JSON.stringify({ ...documentOf(shown.dashboard, shown.production), told })}\n`);
  else show(host, shown);
  if (html !== undefined) {
    writeWhole(path.resolve(html), dashboardHtml(shown.dashboard), 'choose another file with --html');
    const line = `Page  ${shownFromHere(path.resolve(html))}`;
    if (json) terminal.note(line);
    else terminal.out(`${line}\n`);
  }
  return problems.length > 0 ? exitCodes.outside : exitCodes.fine;
}

/** Recommendations and alerts are found over all prompts, whichever are shown. */
function only(
  ids: readonly string[],
  dashboard: Dashboard,
  production: MonitoringReport | null,
): Pick<Shown, 'dashboard' | 'production'> {
  if (ids.length === 0) return { dashboard, production };
  const isShown = ({ prompt }: { readonly prompt: string }) => ids.includes(prompt);
  const { prompts, rollouts, monitoring, runs, recommendations } = dashboard;
  return {
    dashboard: {
      ...dashboard,
      prompts: prompts.filter(({ id }) => ids.includes(id)),
      rollouts: { ...rollouts, states: rollouts.states.filter(isShown) },
      production: dashboard.production && {
        ...dashboard.production,
        uses: dashboard.production.uses.filter(isShown),
      },
      monitoring: monitoring && {
        windows: monitoring.windows.filter(isShown),
        alerts: monitoring.alerts.filter(isShown),
      },
      runs: runs.filter(isShown),
      recommendations: recommendations.filter(isShown),
    },
    production: production && { ...production, prompts: production.prompts.filter(isShown) },
  };
}

function show({ terminal }: Host, { dashboard, production, told }: Shown): void {
  terminal.out(`${renderDashboard(dashboard, terminal.columns)}\n`);
  const paint: Paint = (style, text) =>
    terminal.color ? styleText(style, text, { validateStream: false }) : text;
  if (production) for (const line of ['', ...monitoringLines(production, paint)]) terminal.out(`${line}\n`);
  for (const { what, prompt, url } of told)
    terminal.out(`${terminalText(`told: ${prompt ?? 'an alert'} is ${what}: ${url}`)}\n`);
}

function noteProblems({ terminal }: Host, monitored: Monitored | null, untold: Telling['problems']): void {
  const { problems = [], irregularities = [] } = monitored ?? {};
  const records = irregularities.map(describeIrregularity);
  for (const note of [...problems, ...untold].map(describeError).concat(records))
    terminal.note(terminalText(note, longestError));
}
