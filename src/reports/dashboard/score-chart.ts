import { scaleLinear } from 'd3-scale';
import type { ScorebookEntry } from '../../optimization/scorebook-schema.ts';
import { percent } from '../html/axis.ts';
import { html, type Markup } from '../html/markup.ts';
import { type Point, path } from '../html/plane.ts';
import { countOf, formatValue } from '../numbers.ts';

/** An entry with a value, and where it stands among all entries. */
type Dot = { readonly entry: ScorebookEntry; readonly mean: number; readonly index: number };

/** The smallest range of scores that fills the height: noise is not to look like a trend. */
const LEAST_RANGE = 0.2;

/** The objective of each version, small enough for a line of a list. Null without a value. */
export function sparkline(entries: readonly ScorebookEntry[]): Markup | null {
  const dots = dotsOf(entries);
  const last = dots.at(-1);
  if (!last) return null;
  const plane = planeOf(
    entries.length,
    dots.map(({ mean }) => mean),
  );
  return html`<svg class="spark" role="img"><title>${describe(dots)}</title><svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">${lines(dots, plane)}</svg><circle class="now" cx="${percent(plane.x(last.index))}" cy="${percent(plane.y(last.mean))}" r="3"/></svg>`;
}

/**
 * The objective of each version with its interval, in the order of the scorebook. Only values of the same test data are joined by a line:
 * others cannot be compared. Null without a value.
 */
export function scoreChart(entries: readonly ScorebookEntry[]): Markup | null {
  const dots = dotsOf(entries);
  const [first, last] = [entries[0], entries.at(-1)];
  if (dots.length === 0 || !first || !last) return null;
  const ends = dots.flatMap(({ entry, mean }) => [mean, ...(entry.objective.interval ?? [])]);
  const plane = planeOf(entries.length, ends);
  const breaks = dots.filter(
    ({ entry }, index) => index > 0 && dots[index - 1]?.entry.dataset.digest !== entry.dataset.digest,
  );
  return html`<figure class="scores"><svg class="plot" role="img"><title>${describe(dots)}</title>
${plane.ticks.map(
  (
    tick,
  ) => html`<line class="grid" x1="0" x2="100%" y1="${percent(plane.y(tick))}" y2="${percent(plane.y(tick))}"/>
<text x="0" dx="-8" y="${percent(plane.y(tick))}" dy="0.32em" text-anchor="end">${Math.round(100 * tick)} %</text>`,
)}
${breaks.map(({ index }) => {
  const at = percent((plane.x(index) + plane.x(index - 1)) / 2);
  return html`<line class="mark" x1="${at}" x2="${at}" y1="0" y2="100%"/>`;
})}
<svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">${whiskers(dots, plane)}${lines(dots, plane)}${points(dots, plane)}</svg>
<text x="0" y="100%" dy="20">${first.version}, ${first.date}</text>
${entries.length > 1 ? html`<text x="100%" y="100%" dy="20" text-anchor="end">${last.version}, ${last.date}</text>` : null}
</svg><p class="key"><span>objective with its 95% interval, by version</span>${breaks.length > 0 ? html` <span>dashed line: the test data changed</span>` : null}</p></figure>`;
}

type Plane = { x(index: number): number; y(mean: number): number; readonly ticks: readonly number[] };

function planeOf(count: number, values: readonly number[]): Plane {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const missing = Math.max(0, LEAST_RANGE - (high - low)) / 2;
  const y = scaleLinear()
    .domain([Math.max(0, low - missing), Math.min(1, high + missing)])
    .nice(4)
    .range([96, 4]);
  const x = (index: number) => (count < 2 ? 50 : 1 + (98 * index) / (count - 1));
  return { x, y: (mean) => y(mean), ticks: y.ticks(4) };
}

function dotsOf(entries: readonly ScorebookEntry[]): readonly Dot[] {
  return entries.flatMap((entry, index) => {
    const { mean } = entry.objective;
    return mean === null ? [] : [{ entry, mean, index }];
  });
}

/** A line through each stretch of versions that were measured on the same data. */
function lines(dots: readonly Dot[], { x, y }: Plane): readonly (Markup | null)[] {
  const stretches: Point[][] = [];
  let digest: string | null = null;
  for (const { entry, mean, index } of dots) {
    if (entry.dataset.digest !== digest) stretches.push([]);
    digest = entry.dataset.digest;
    stretches.at(-1)?.push([x(index), y(mean)]);
  }
  return stretches.filter((stretch) => stretch.length > 1).map((stretch) => path(stretch, 'line'));
}

/** All points as one path of lines without length, whose round ends are the dots: a hundred circles of 200 prompts would be many elements. */
function points(dots: readonly Dot[], { x, y }: Plane): Markup {
  const d = dots.map(({ mean, index }) => `M${x(index).toFixed(1)} ${y(mean).toFixed(1)}h0`).join('');
  return html`<path class="dots" vector-effect="non-scaling-stroke" d="${d}"/>`;
}

function whiskers(dots: readonly Dot[], { x, y }: Plane): Markup {
  const d = dots.flatMap(({ entry, index }) => {
    const [low, high] = entry.objective.interval ?? [];
    if (low === undefined || high === undefined) return [];
    return [`M${x(index).toFixed(1)} ${y(low).toFixed(1)}V${y(high).toFixed(1)}`];
  });
  return html`<path class="whiskers" vector-effect="non-scaling-stroke" d="${d.join('')}"/>`;
}

function describe(dots: readonly Dot[]): string {
  const [first, last] = [dots[0], dots.at(-1)];
  if (!first || !last) return '';
  const now = `${formatValue(last.mean, 'ratio')} in version ${last.entry.version}`;
  return dots.length === 1
    ? `Objective: ${now}`
    : `Objective of ${countOf(dots.length, 'version')}: from ${formatValue(first.mean, 'ratio')} to ${now}`;
}
