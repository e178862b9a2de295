import type { MonitoringReport } from '../../monitoring/monitor.ts';
import type { Inventory } from '../dashboard/dashboard.ts';
import { alertEvidence, alertHeadline, moment } from './alert-text.ts';

/** What monitoring found, as the dashboard shows it; alerts that are quiet are left out. */
export function monitoringOf({ prompts }: MonitoringReport): NonNullable<Inventory['monitoring']> {
  return {
    windows: prompts.flatMap(({ prompt, windows }) =>
      windows.map(({ from, to, version, model, calls, users, metrics }) => {
        const times = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
        return { prompt, version, model, ...times, calls, users, metrics };
      }),
    ),
    alerts: prompts.flatMap(({ prompt, alerts }) =>
      alerts.flatMap((alert) => {
        const { state, firedAt, resolvedAt, window } = alert.standing;
        const since = (state === 'resolved' ? resolvedAt : firedAt) ?? window?.from;
        if (state === 'quiet' || since === undefined) return [];
        const title = alertHeadline(alert)
          .slice(`${prompt}: `.length)
          .replace(/^(?:resolved|pending): /, '');
        const fired = state === 'resolved' && firedAt !== null ? [`fired at ${moment(firedAt)}`] : [];
        const reasons = [...alertEvidence(alert), ...fired];
        return [{ prompt, state, since: new Date(since).toISOString(), title, reasons }];
      }),
    ),
  };
}
