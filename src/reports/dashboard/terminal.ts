import { displayWidth, padToWidth } from '../display-width.ts';
import { terminalText } from '../hostile.ts';
import { formatInterval, formatValue, noNumber } from '../numbers.ts';
import { describeRollout } from '../rollout/progress.ts';
import { wrap } from '../terminal/wrap.ts';
import { alertsOf } from './alerts.ts';
import {
  type Dashboard,
  type InventoryPrompt,
  newestEntry,
  type Recommendation,
  withoutRollouts,
} from './dashboard.ts';

const GAP = '  ';
/** Of each list, the first ones; the page and `--json` have all. */
const SHOWN = 12;

/** The dashboard as lines for a terminal: prompts with their newest scores, rollouts, alerts, and what to do next. */
export function renderDashboard(dashboard: Dashboard, columns: number): string {
  const { prompts, rollouts, recommendations, problems } = dashboard;
  const missing = withoutRollouts(rollouts);
  const underWay = rollouts.states.filter(({ canary }) => canary !== null);
  const alerts = alertsOf(dashboard).filter(({ isOpen }) => isOpen);
  const parts = [
    prompts.length === 0 ? ['There are no prompts.'] : promptTable(dashboard),
    section('Rollouts', missing === null ? underWay.map(describeRollout) : [missing], columns),
    section(
      'Alerts',
      alerts.map(({ prompt, title, reasons }) => `${prompt}: ${title}; ${reasons.join('; ')}`),
      columns,
    ),
    next(recommendations, columns),
    section('Missing', problems, columns),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function promptTable({ prompts, rollouts }: Dashboard): readonly string[] {
  const served = new Map(
    rollouts.states.map(({ prompt, stable, canary }) => [
      prompt,
      canary ? `${canary.release.version} at ${canary.percent} %` : (stable?.version ?? noNumber),
    ]),
  );
  const rows = [
    ['prompt', 'version', 'objective', '95% interval', 'measured', 'served'],
    ...prompts.map((prompt) => [...scoreCells(prompt), terminalText(served.get(prompt.id) ?? noNumber, 60)]),
  ];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === row.length - 1
          ? cell
          : padToWidth(cell, widths[column] ?? 0, column === 2 ? 'right' : 'left'),
      )
      .join(GAP)
      .trimEnd(),
  );
}

function scoreCells(prompt: InventoryPrompt): readonly string[] {
  const newest = newestEntry(prompt);
  const [low, high] = newest?.objective.interval ?? [];
  return [
    terminalText(prompt.id, 80),
    terminalText(prompt.version, 40),
    formatValue(newest?.objective.mean ?? null, 'ratio'),
    low === undefined || high === undefined ? noNumber : formatInterval([low, high], 'ratio'),
    newest ? newest.date : 'never',
  ];
}

function next(recommendations: readonly Recommendation[], columns: number): readonly string[] {
  const shown = recommendations.slice(0, SHOWN);
  const missing = recommendations.length - shown.length;
  if (shown.length === 0) return ['Nothing is recommended.'];
  return [
    'What to do next',
    ...shown.flatMap(({ prompt, finding, evidence, command }) => [
      ...indented(
        `${prompt}: ${finding} ${evidence.map(({ name, value }) => `${name}: ${value}`).join('; ')}`,
        columns,
      ),
      // Whole, so that it can be copied.
      `${GAP}${GAP}$ ${terminalText(command, 1_000)}`,
    ]),
    ...(missing > 0 ? [`${GAP}and ${missing} more: see --html or --json`] : []),
  ];
}

function section(title: string, lines: readonly string[], columns: number): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.flatMap((line) => indented(line, columns))];
}

function indented(line: string, columns: number): readonly string[] {
  return wrap(terminalText(line.trim(), 900), columns - GAP.length).map((each) => GAP + each);
}
