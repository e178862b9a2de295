import { scaleLinear } from 'd3-scale';
import type { SliceComparison } from '../../evaluation/scorecard.ts';
import { type Tone, toneOf } from '../headline.ts';
import { formatDifference, formatDifferenceInterval, formatP } from '../numbers.ts';
import type { Section } from '../sections.ts';
import { countJudged } from '../slices.ts';
import { anchorAt, percent } from './axis.ts';
import { html, type Markup } from './markup.ts';

type Scale = { readonly ticks: readonly number[]; position(difference: number): number };

const HEIGHT = 28;

/** The objective's difference on the examples of each tag as a forest plot, the largest loss first. */
export function slicesBlock({ slices }: Section): Markup | null {
  if (slices.length === 0) return null;
  const scale = scaleFor(slices);
  return html`<section><h3>Slices of the data</h3>
<p class="lead">${countJudged(slices)}. The difference of the objective on the examples of each tag; p-values are adjusted over all of them.</p>
<table class="metrics forest">
<thead><tr><th scope="col">slice</th><td></td><th scope="col" class="number">n</th><th scope="col" class="number">difference <small>95% interval</small></th><th scope="col" class="number">adjusted p</th><th scope="col">verdict</th></tr></thead>
<tbody>${slices.map((slice) => sliceLine(slice, scale))}
<tr class="axis" aria-hidden="true"><td></td><td class="strip">${axis(scale)}</td></tr></tbody>
</table></section>`;
}

function sliceLine(slice: SliceComparison, scale: Scale): Markup {
  const { tag, n, difference, interval, adjustedP, verdict } = slice;
  const range = interval && html` <small>${formatDifferenceInterval(interval, 'ratio')}</small>`;
  return html`<tr><th scope="row">${tag}</th><td class="strip">${mark(slice, scale)}</td>
<td class="number" data-label="n">${n}</td><td class="number" data-label="difference">${formatDifference(difference, 'ratio')}${range}</td><td class="number" data-label="adjusted p">${formatP(adjustedP)}</td>
<td class="verdict-cell"><span class="tag ${toneOfSlice(slice)}">${verdict}</span></td></tr>`;
}

/** Most slices are too small for a verdict; they must not outshine the others. */
function toneOfSlice({ verdict }: SliceComparison): Tone {
  return verdict === 'inconclusive' ? 'neutral' : toneOf(verdict);
}

/** No difference lies within the axis always. */
function scaleFor(slices: readonly SliceComparison[]): Scale {
  const ends = slices.flatMap(({ difference, interval }) => [difference ?? 0, ...(interval ?? [])]);
  const scale = scaleLinear()
    .domain([Math.min(-0.01, ...ends), Math.max(0.01, ...ends)])
    .nice(5)
    .range([0, 100]);
  return { ticks: scale.ticks(5), position: (difference) => scale(difference) };
}

function mark(slice: SliceComparison, { ticks, position }: Scale): Markup {
  const { tag, difference, interval } = slice;
  const y = HEIGHT / 2;
  const said = `${formatDifference(difference, 'ratio')}${interval ? `, 95% interval ${formatDifferenceInterval(interval, 'ratio')}` : ''}`;
  const lines = ticks.map(
    (tick) =>
      html`<line class="${tick === 0 ? 'zero' : 'grid'}" x1="${percent(position(tick))}" x2="${percent(position(tick))}" y1="0" y2="${HEIGHT}"/>`,
  );
  const whisker =
    interval &&
    html`<line class="whisker" x1="${percent(position(interval[0]))}" x2="${percent(position(interval[1]))}" y1="${y}" y2="${y}"/>`;
  const dot =
    difference === null
      ? null
      : html`<circle class="dot" cx="${percent(position(difference))}" cy="${y}" r="4.5"/>`;
  return html`<svg class="${toneOfSlice(slice)}" role="img" height="${HEIGHT}"><title>${tag}: ${said}</title>
${lines}${whisker}${dot}</svg>`;
}

function axis({ ticks, position }: Scale): Markup {
  return html`<svg height="18">${ticks.map((tick) => html`<text x="${percent(position(tick))}" y="13" text-anchor="${anchorAt(position(tick))}">${formatDifference(tick, 'ratio').replace(/(\.0)? points$/, '')}</text>`)}</svg>`;
}
