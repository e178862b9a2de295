import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { countOf, formatDuration } from '../numbers.ts';
import type { Section } from '../sections.ts';
import { anchorAt, percent } from './axis.ts';
import { html, type Markup } from './markup.ts';

const FEWEST_TIMES = 5;
const BINS = 20;

/**
 * How long the answers took, as a histogram with the median and the 95th percentile marked. Null without a metric in
 * milliseconds or with too few answers for a shape.
 */
export function latencyBlock({ examples, rows, latencyMs }: Section): Markup | null {
  const metric = rows.find(({ unit }) => unit === 'ms');
  if (!metric || !latencyMs) return null;
  const times = examples.flatMap(({ values }) => values[metric.name] ?? []);
  if (times.length < FEWEST_TIMES) return null;
  const { median, p95 } = latencyMs;
  const said = `${formatDuration(median)} median, ${formatDuration(p95)} 95th percentile`;
  const longest = Math.max(...times, p95) || 1;
  const x = scaleLinear().domain([0, longest]).nice(BINS).range([0, 100]);
  return html`<section><h3>Latency</h3>
<p class="lead">${said}.</p>
<svg class="plot histogram" role="img"><title>Latency of ${countOf(times.length, 'answer')}: ${said}</title>
${bars(times, x)}${mark(x(median), 'median', 'end')}${mark(x(p95), '95th', 'start')}
${x.ticks(4).map((tick) => html`<text x="${percent(x(tick))}" y="100%" dy="18" text-anchor="${anchorAt(x(tick))}">${formatDuration(tick)}</text>`)}
<line class="baseline" x1="0" x2="100%" y1="100%" y2="100%"/></svg></section>`;
}

function bars(times: readonly number[], x: ScaleLinear<number, number>): readonly Markup[] {
  const edges = x.ticks(BINS);
  const counts = new Array<number>(edges.length - 1).fill(0);
  for (const time of times) {
    const bin = edges.findLastIndex((edge, index) => edge <= time && index < counts.length);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const y = scaleLinear()
    .domain([0, Math.max(...counts)])
    .range([0, 100]);
  return counts.map((count, bin) => {
    const [from, to] = [edges[bin] ?? 0, edges[bin + 1] ?? 0];
    const said = `${formatDuration(from)} to ${formatDuration(to)}: ${countOf(count, 'answer')}`;
    return html`<rect class="bar" x="${percent(x(from))}" width="${percent(x(to) - x(from) - 0.4)}" y="${percent(100 - y(count))}" height="${percent(y(count))}"><title>${said}</title></rect>`;
  });
}

function mark(at: number, name: string, side: 'start' | 'end'): Markup {
  return html`<line class="mark" x1="${percent(at)}" x2="${percent(at)}" y1="0" y2="100%"/>
<text x="${percent(at)}" y="0" dy="-6" text-anchor="${at > 90 ? 'end' : side}">${name}</text>`;
}
