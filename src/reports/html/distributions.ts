import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { describeSpread } from '../costs.ts';
import type { Distribution } from '../distributions.ts';
import { countOf, formatValue, type Unit } from '../numbers.ts';
import type { Section } from '../sections.ts';
import { anchorAt, percent } from './axis.ts';
import { html, type Markup } from './markup.ts';

const FEWEST_VALUES = 5;
const BINS = 20;

/** What each answer took, a histogram for each metric. Null with too few answers for a shape. */
export function distributionsBlock({ distributions }: Section): Markup | null {
  const drawn = distributions.filter(({ values }) => values.length >= FEWEST_VALUES);
  if (drawn.length === 0) return null;
  return html`<section><h3>What each answer took</h3><div class="histograms">${drawn.map(histogram)}</div></section>`;
}

/** With the median and the 95th percentile marked. */
function histogram(distribution: Distribution): Markup {
  const { name, unit, values, median, p95 } = distribution;
  const said = describeSpread(distribution);
  const x = axisFor(values);
  return html`<figure><h4>${name}</h4>
<p class="lead">${said}</p>
<svg class="plot histogram" role="img"><title>${name} of ${countOf(values.length, 'answer')}: ${said}</title>
${bars(values, x, unit)}${mark(x(median), 'median', 'end')}${mark(x(p95), '95th', 'start')}
${x.ticks(2).map((tick) => html`<text x="${percent(x(tick))}" y="100%" dy="18" text-anchor="${anchorAt(x(tick))}">${formatValue(tick, unit)}</text>`)}
<line class="baseline" x1="0" x2="100%" y1="100%" y2="100%"/></svg></figure>`;
}

/** From zero, unless the values lie so far from it that their shape would be lost. */
function axisFor(values: readonly number[]): ScaleLinear<number, number> {
  const least = values[0] ?? 0;
  const largest = values.at(-1) ?? 0;
  const start = least > largest / 2 && least < largest ? least : 0;
  return scaleLinear()
    .domain([start, largest || 1])
    .nice(BINS)
    .range([0, 100]);
}

function bars(values: readonly number[], x: ScaleLinear<number, number>, unit: Unit): readonly Markup[] {
  const edges = x.ticks(BINS);
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const value of values) {
    const bin = Math.max(
      0,
      edges.findLastIndex((edge, index) => edge <= value && index < counts.length),
    );
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const y = scaleLinear()
    .domain([0, Math.max(...counts)])
    .range([0, 100]);
  return counts.map((count, bin) => {
    const [from, to] = [edges[bin] ?? 0, edges[bin + 1] ?? 0];
    const said = `${formatValue(from, unit)} to ${formatValue(to, unit)}: ${countOf(count, 'answer')}`;
    return html`<rect class="bar" x="${percent(x(from))}" width="${percent(x(to) - x(from) - 0.4)}" y="${percent(100 - y(count))}" height="${percent(y(count))}"><title>${said}</title></rect>`;
  });
}

function mark(at: number, name: string, side: 'start' | 'end'): Markup {
  return html`<line class="mark" x1="${percent(at)}" x2="${percent(at)}" y1="0" y2="100%"/>
<text x="${percent(at)}" y="0" dy="-6" text-anchor="${at > 90 ? 'end' : side}">${name}</text>`;
}
