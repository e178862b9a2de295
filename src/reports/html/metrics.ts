import { toneOf } from '../headline.ts';
import { adjustedPOf, describeCount, describeInterval, type MetricRow, tierNames } from '../metric-rows.ts';
import {
  formatDifference,
  formatInterval,
  formatP,
  formatSize,
  formatValue,
  noNumber,
  type Unit,
} from '../numbers.ts';
import type { Section } from '../sections.ts';
import { html, type Markup } from './markup.ts';
import { axis, type Scale, scaleFor, strip } from './strip.ts';

/** How the lines of one table are drawn. */
type Drawing = {
  readonly scales: ReadonlyMap<Unit, Scale>;
  readonly compared: boolean;
  readonly columns: readonly Column[];
};

/** `below` is what stands in small print below the column's numbers. */
type Column = { readonly name: string; readonly below?: string };

const comparedColumns: readonly Column[] = [
  { name: 'base' },
  { name: 'head' },
  { name: 'difference', below: '95% interval' },
  { name: 'p' },
];
const valueColumns: readonly Column[] = [
  { name: 'value', below: '95% interval' },
  { name: 'n' },
  { name: 'missing' },
];

/** Every metric with its interval drawn, by what it decides; metrics of one unit share one scale. */
export function metricsBlock({ rows, gate }: Section): Markup | null {
  if (rows.length === 0) return null;
  const compared = rows.some((row) => row.comparison !== null);
  const columns = compared ? comparedColumns : valueColumns;
  const units = Map.groupBy(rows, ({ unit }) => unit);
  const scales = new Map([...units].map(([unit, members]) => [unit, scaleFor(unit, members)]));
  const lines = (members: readonly MetricRow[]) =>
    members.map((row) => {
      const endsUnit = rows[rows.indexOf(row) + 1]?.unit !== row.unit;
      return metricLine(row, { scales, compared, columns }, endsUnit);
    });
  const tiers = [...Map.groupBy(rows.slice(1), ({ tier }) => tier)];
  const heads = columns.map(
    ({ name, below }) =>
      html`<th scope="col" class="number">${name}${below === undefined ? null : html` <small>${below}</small>`}</th>`,
  );
  return html`<section><h3>Metrics</h3>
${compared ? html`<p class="key"><span><i class="dot base"></i>base</span> <span><i class="dot head"></i>head</span> <span><i class="whisker"></i>95% interval</span></p>` : null}
<table class="metrics ${compared ? 'compared' : 'alone'}">
<thead><tr><th scope="col">metric</th><td></td>${heads}${compared ? html`<th scope="col">verdict</th>` : null}</tr></thead>
<tbody class="whole">${lines(rows.slice(0, 1))}</tbody>
${tiers.map(([tier, members]) => html`<tbody>${tierLine(tier, columns.length + (compared ? 3 : 2))}${lines(members)}</tbody>`)}
</table>
${footnote(rows)}${gateBlock(gate, rows)}</section>`;
}

function tierLine(tier: MetricRow['tier'], span: number): Markup | null {
  if (tier === null) return null;
  return html`<tr class="tier"><th scope="rowgroup" colspan="${span}">${tierNames[tier]}</th></tr>`;
}

/** A metric's line, with the axis below where the next one has another unit. */
function metricLine(row: MetricRow, { scales, compared, columns }: Drawing, endsUnit: boolean): Markup {
  const scale = scales.get(row.unit);
  const cells = (compared ? comparedCells(row) : valueCells(row)).map(
    (cell, index) => html`<td class="number" data-label="${columns[index]?.name ?? ''}">${cell}</td>`,
  );
  const ruler =
    scale && endsUnit
      ? html`<tr class="axis" aria-hidden="true"><td></td><td class="strip">${axis(scale)}</td></tr>`
      : null;
  return html`<tr><th scope="row">${row.name}${about(row, compared)}</th><td class="strip">${scale ? strip(row, scale) : null}</td>${cells}${compared ? verdictCell(row) : null}</tr>
${ruler}`;
}

function about(row: MetricRow, compared: boolean): Markup | null {
  const said = [
    ...(compared ? [`n = ${describeCount(row)}`] : []),
    ...(row.head.direction === 'lower' ? ['less is better'] : []),
  ];
  return said.length === 0 ? null : html` <small>${said.join(' · ')}</small>`;
}

function comparedCells({ unit, head, base, comparison }: MetricRow): readonly Markup[] {
  const adjusted = adjustedPOf(comparison);
  return [
    html`${formatValue(comparison?.base ?? base?.mean ?? null, unit)}`,
    html`${formatValue(comparison ? comparison.head : head.mean, unit)}`,
    html`${formatDifference(comparison?.difference ?? null, unit)}${comparison?.interval ? html` <small>${describeInterval(comparison, unit)}</small>` : null}`,
    html`${formatP(comparison?.p ?? null)}${adjusted === null ? null : html` <small>adjusted ${formatP(adjusted)}</small>`}`,
  ];
}

function valueCells({ unit, head }: MetricRow): readonly Markup[] {
  return [
    html`${formatValue(head.mean, unit)}${head.interval && html` <small>${formatInterval(head.interval, unit)}</small>`}`,
    html`${head.n}`,
    html`${head.missing}`,
  ];
}

function verdictCell({ unit, comparison }: MetricRow): Markup {
  if (!comparison) return html`<td class="verdict-cell">${noNumber}</td>`;
  const { verdict, detectable } = comparison;
  const finds = detectable === null ? null : html` <small>detects ${formatSize(detectable, unit)}</small>`;
  return html`<td class="verdict-cell"><span class="tag ${toneOf(verdict)}">${verdict}</span>${finds}</td>`;
}

function footnote(rows: readonly MetricRow[]): Markup | null {
  const notes: string[] = [];
  if (rows.some(({ comparison }) => adjustedPOf(comparison) !== null))
    notes.push('p is adjusted over the gated metrics; their verdicts rest on the adjusted one.');
  if (rows.some(({ comparison }) => comparison !== null && comparison.detectable !== null))
    notes.push(
      'What it detects: the smallest true difference that a comparison like this one finds 4 times in 5.',
    );
  return notes.length === 0 ? null : html`<p class="footnote">${notes.join(' ')}</p>`;
}

/** What the gates could not judge; why one failed stands in the verdict. */
function gateBlock(gate: Section['gate'], rows: readonly MetricRow[]): Markup | null {
  if (!gate) return null;
  if (gate.notes.length > 0) {
    const title = gate.passed ? 'No gate failed, but:' : 'Notes on the gates:';
    return html`<div class="gate"><p>${title}</p><ul>${gate.notes.map((note) => html`<li>${note}</li>`)}</ul></div>`;
  }
  const isGated = rows.some(({ tier }) => tier === 'gate');
  return gate.passed && isGated ? html`<p class="gate">All gates passed.</p>` : null;
}
