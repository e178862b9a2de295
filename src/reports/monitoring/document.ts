import type { MonitoringAlert, MonitoringReport } from '../../monitoring/monitor.ts';
import type { WindowSummary } from '../../monitoring/summaries.ts';

/** The report as JSON for programs: moments in ISO 8601. */
export function monitoringDocument({ at, since, falseAlarms, prompts }: MonitoringReport) {
  return {
    at: iso(at),
    since: iso(since),
    falseAlarms,
    prompts: prompts.map(({ prompt, windows, alerts }) => ({
      prompt,
      windows: windows.map(windowDocument),
      alerts: alerts.map(alertDocument),
    })),
  };
}

/** One alert, with the judgement or the drift that it rests on. */
function alertDocument(alert: MonitoringAlert) {
  const { state, firedAt, resolvedAt, window } = alert.standing;
  const stands = {
    state,
    firedAt: iso(firedAt),
    resolvedAt: iso(resolvedAt),
    window: window && { from: iso(window.from), to: iso(window.to), isOver: window.isOver },
  };
  if (alert.kind === 'rule') {
    const { rule, arm, standing } = alert;
    return { kind: 'rule', rule, arm, ...stands, judgement: standing.window?.judgement ?? null };
  }
  const { from: _, to: __, ...drift } = alert.standing.window?.judgement.drift ?? {};
  return { kind: alert.drift, subject: alert.subject, ...stands, drift };
}

function windowDocument({ from, to, ...summary }: WindowSummary) {
  return { from: iso(from), to: iso(to), ...summary };
}

function iso(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
