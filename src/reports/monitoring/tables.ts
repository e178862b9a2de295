import type { MonitoringReport, PromptMonitoring } from '../../monitoring/monitor.ts';
import type { WindowSummary } from '../../monitoring/summaries.ts';
import { formatCount, formatDollars, formatValue, noNumber } from '../numbers.ts';
import { moment, unitOf } from './alert-text.ts';

/** What is written of a window, name and cell; texts of strangers are not inert yet. */
export type WindowRow = {
  readonly window: string;
  readonly version: string;
  readonly model: string;
  readonly cells: readonly string[];
};

const columns = ['calls', 'users', 'success', 'latency', 'p95', 'feedback', 'tokens', 'cost'];

/** The columns of a prompt's table: what every prompt has, and its own evaluations. */
export function columnsOf({ windows }: PromptMonitoring): readonly string[] {
  return [...columns, ...evaluationsOf(windows)];
}

/** A prompt's windows, a row for each version and model. */
export function rowsOf({ windows }: PromptMonitoring, at: number): readonly WindowRow[] {
  const evaluations = evaluationsOf(windows);
  return windows.map((summary) => ({
    window: windowName(summary, at),
    version: summary.version,
    model: summary.model,
    cells: [
      `${about(summary)}${formatCount(summary.calls)}`,
      `${about(summary)}${formatCount(summary.users)}`,
      meanOf(summary, 'success'),
      meanOf(summary, 'latency'),
      formatValue(summary.metrics['latency']?.p95 ?? null, 'ms'),
      meanOf(summary, 'feedback', true),
      meanOf(summary, 'tokens'),
      costOf(summary),
      ...evaluations.map((name) => meanOf(summary, name, true)),
    ],
  }));
}

/** One line about what was read. */
export function readWords({ since, at, falseAlarms }: MonitoringReport): string {
  return `Telemetry from ${moment(since)} to ${moment(at)}. At most ${falseAlarms} mistaken alerts in 1,000 days.`;
}

const known: ReadonlySet<string> = new Set([...columns, 'answer tokens']);

function evaluationsOf(windows: readonly WindowSummary[]): readonly string[] {
  return [...new Set(windows.flatMap(({ metrics }) => Object.keys(metrics)))]
    .filter((name) => !known.has(name))
    .sort();
}

/** Numbers of a sample are estimates. */
function about({ share }: WindowSummary): string {
  return share < 1 ? '~' : '';
}

function meanOf({ metrics }: WindowSummary, name: string, withCount = false): string {
  const found = metrics[name];
  if (!found) return noNumber;
  const mean = formatValue(found.mean, unitOf(name));
  return withCount ? `${mean} (${formatCount(found.n)})` : mean;
}

function costOf({ metrics }: WindowSummary): string {
  const cost = metrics['cost'];
  return cost ? formatDollars(cost.sum) : noNumber;
}

const hour = 3_600_000;

function windowName({ from, to }: WindowSummary, at: number): string {
  const hours = Math.round((to - from) / hour);
  if (at - to >= hour) return `${formatCount(hours / 24)} d before`;
  return hours === 1 ? 'last hour' : 'last day';
}
