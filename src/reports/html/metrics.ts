import { scaleLinear } from 'd3-scale';
import type { Interval } from '../../evaluation/scorecard.ts';
import { toneOf } from '../headline.ts';
import {
  formatDifference,
  formatDifferenceInterval,
  formatInterval,
  formatP,
  formatValue,
  noNumber,
  type Unit,
} from '../numbers.ts';
import type { MetricRow, Section } from '../sections.ts';
import { anchorAt, percent } from './axis.ts';
import { html, type Markup } from './markup.ts';

type Scale = { readonly unit: Unit; readonly ticks: readonly number[]; position(value: number): number };
type Estimate = { readonly mean: number | null; readonly interval: Interval | null };

/** Every metric with its interval drawn; metrics of one unit share one scale. */
export function metricsBlock({ rows, gate }: Section): Markup | null {
  if (rows.length === 0) return null;
  const compared = rows.some((row) => row.comparison !== null);
  const numbers = compared
    ? ['base', 'head', 'difference (95% interval)', 'p']
    : ['value (95% interval)', 'n', 'missing'];
  const units = Map.groupBy(rows, ({ unit }) => unit);
  return html`<section><h3>Metrics</h3>
${compared ? html`<p class="key"><span><i class="dot base"></i>base</span> <span><i class="dot head"></i>head</span> <span><i class="whisker"></i>95% interval</span></p>` : null}
<table class="metrics ${compared ? 'compared' : 'alone'}">
<thead><tr><th scope="col">metric</th><td></td>${numbers.map((name) => html`<th scope="col" class="number">${name}</th>`)}${compared ? html`<th scope="col">verdict</th>` : null}</tr></thead>
${[...units].map(([unit, members]) => metricGroup(unit, members, numbers, compared))}
</table>
${gateLine(gate)}</section>`;
}

function metricGroup(
  unit: Unit,
  rows: readonly MetricRow[],
  columns: readonly string[],
  compared: boolean,
): Markup {
  const scale = scaleFor(unit, rows);
  return html`<tbody>
${rows.map((row) => metricLine(row, scale, columns, compared))}
<tr class="axis" aria-hidden="true"><td></td><td class="strip">${axis(scale)}</td></tr>
</tbody>`;
}

function metricLine(row: MetricRow, scale: Scale, columns: readonly string[], compared: boolean): Markup {
  const { name, comparison } = row;
  const cells = (compared ? comparedCells(row) : valueCells(row)).map(
    (cell, index) => html`<td class="number" data-label="${columns[index] ?? ''}">${cell}</td>`,
  );
  const verdict = comparison
    ? html`<td class="verdict-cell"><span class="tag ${toneOf(comparison.verdict)}">${comparison.verdict}</span></td>`
    : html`<td class="verdict-cell">${noNumber}</td>`;
  return html`<tr><th scope="row">${name}</th><td class="strip">${strip(row, scale)}</td>${cells}${compared ? verdict : null}</tr>`;
}

function comparedCells({ unit, head, base, comparison }: MetricRow): readonly Markup[] {
  const difference = formatDifference(comparison?.difference ?? null, unit);
  const interval = comparison?.interval ?? null;
  return [
    html`${formatValue(comparison?.base ?? base?.mean ?? null, unit)}`,
    html`${formatValue(comparison ? comparison.head : head.mean, unit)}`,
    html`${difference}${interval && html` <small>${formatDifferenceInterval(interval, unit)}</small>`}`,
    html`${formatP(comparison?.p ?? null)}`,
  ];
}

function valueCells({ unit, head }: MetricRow): readonly Markup[] {
  return [
    html`${formatValue(head.mean, unit)}${head.interval && html` <small>${formatInterval(head.interval, unit)}</small>`}`,
    html`${head.n}`,
    html`${head.missing}`,
  ];
}

/** Percentages of the strip's width as coordinates: the drawing fits any width and its text keeps its size. */
function scaleFor(unit: Unit, rows: readonly MetricRow[]): Scale {
  const ends = rows.flatMap(({ head, base }) => [...valuesOf(head), ...(base ? valuesOf(base) : [])]);
  const top = unit === 'ratio' ? 1 : Math.max(0, ...ends) || 1;
  const scale = scaleLinear().domain([0, top]).range([0, 100]);
  if (unit !== 'ratio') scale.nice(3);
  const ticks = unit === 'ratio' ? [0, 0.5, 1] : scale.ticks(3);
  return { unit, ticks, position: (value) => scale(value) };
}

function valuesOf({ mean, interval }: Estimate): number[] {
  return [...(mean === null ? [] : [mean]), ...(interval ?? [])];
}

function strip({ name, unit, head, base }: MetricRow, scale: Scale): Markup {
  const headAt = base ? 25 : 18;
  const said = base ? `base ${describe(base, unit)}; head ${describe(head, unit)}` : describe(head, unit);
  return html`<svg role="img" height="36"><title>${name}: ${said}</title>
${scale.ticks.map((tick) => html`<line class="grid" x1="${percent(scale.position(tick))}" x2="${percent(scale.position(tick))}" y1="0" y2="36"/>`)}
${base && estimateMark(base, scale, 11, 'base')}${estimateMark(head, scale, headAt, 'head')}</svg>`;
}

function describe({ mean, interval }: Estimate, unit: Unit): string {
  return formatValue(mean, unit) + (interval ? ` (95% interval ${formatInterval(interval, unit)})` : '');
}

function estimateMark(
  { mean, interval }: Estimate,
  scale: Scale,
  y: number,
  kind: 'base' | 'head',
): Markup | null {
  if (mean === null) return null;
  const whisker =
    interval &&
    html`<line class="whisker ${kind}" x1="${percent(scale.position(interval[0]))}" x2="${percent(scale.position(interval[1]))}" y1="${y}" y2="${y}"/>`;
  return html`${whisker}<circle class="dot ${kind}" cx="${percent(scale.position(mean))}" cy="${y}" r="4.5"/>`;
}

function axis({ unit, ticks, position }: Scale): Markup {
  const label = (tick: number) =>
    unit === 'ratio' ? `${Math.round(100 * tick)} %` : formatValue(tick, unit);
  return html`<svg height="18">${ticks.map((tick) => html`<text x="${percent(position(tick))}" y="13" text-anchor="${anchorAt(position(tick))}">${label(tick)}</text>`)}</svg>`;
}

function gateLine(gate: Section['gate']): Markup | null {
  if (!gate) return null;
  if (gate.passed) return html`<p class="gate">All gates passed.</p>`;
  return html`<div class="gate failed"><p>Gates that failed:</p><ul>${gate.reasons.map((reason) => html`<li>${reason}</li>`)}</ul></div>`;
}
