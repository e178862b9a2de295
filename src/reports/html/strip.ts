import { scaleLinear } from 'd3-scale';
import type { Interval } from '../../evaluation/scorecard.ts';
import type { MetricRow } from '../metric-rows.ts';
import { formatInterval, formatValue, type Unit } from '../numbers.ts';
import { anchorAt, percent } from './axis.ts';
import { html, type Markup } from './markup.ts';

/** Values as percentages of a strip's width: the drawing fits any width and its text keeps its size. */
export type Scale = {
  readonly unit: Unit;
  readonly ticks: readonly number[];
  position(value: number): number;
};

type Estimate = { readonly mean: number | null; readonly interval: Interval | null };

/** One scale for the metrics of one unit. */
export function scaleFor(unit: Unit, rows: readonly MetricRow[]): Scale {
  const ends = rows.flatMap(({ head, base }) => [...valuesOf(head), ...(base ? valuesOf(base) : [])]);
  const top = unit === 'ratio' ? 1 : Math.max(0, ...ends) || 1;
  const scale = scaleLinear().domain([0, top]).range([0, 100]);
  if (unit !== 'ratio') scale.nice(3);
  const end = scale.domain()[1] ?? top;
  return { unit, ticks: [0, end / 2, end], position: (value) => scale(value) };
}

/** A metric's value with its interval, above it the base's. */
export function strip({ name, unit, head, base }: MetricRow, scale: Scale): Markup {
  const headAt = base ? 25 : 18;
  const said = base ? `base ${describe(base, unit)}; head ${describe(head, unit)}` : describe(head, unit);
  return html`<svg role="img" height="36"><title>${name}: ${said}</title>
${scale.ticks.map((tick) => html`<line class="grid" x1="${percent(scale.position(tick))}" x2="${percent(scale.position(tick))}" y1="0" y2="36"/>`)}
${base && estimateMark(base, scale, 11, 'base')}${estimateMark(head, scale, headAt, 'head')}</svg>`;
}

/** The numbers below the strips of one scale. */
export function axis({ unit, ticks, position }: Scale): Markup {
  const label = (tick: number) =>
    unit === 'ratio' ? `${Math.round(100 * tick)} %` : formatValue(tick, unit);
  return html`<svg height="18">${ticks.map((tick) => html`<text x="${percent(position(tick))}" y="13" text-anchor="${anchorAt(position(tick))}">${label(tick)}</text>`)}</svg>`;
}

function valuesOf({ mean, interval }: Estimate): number[] {
  return [...(mean === null ? [] : [mean]), ...(interval ?? [])];
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
