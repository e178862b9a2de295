import { scaleLinear } from 'd3-scale';
import type { CandidateTrace, SearchTrace } from '../../optimization/proposal.ts';
import { descentOf } from '../lineage.ts';
import { formatCount, formatValue } from '../numbers.ts';
import { bestSoFar, finalStanding } from '../search-progress.ts';
import { anchorAt, percent } from './axis.ts';
import { ancestorLabels, lineageLines } from './lineage.ts';
import { html, type Markup } from './markup.ts';
import { type Plane, type Point, path } from './plane.ts';

/**
 * Every candidate's dev score over the calls of the search, lines from parents to children with the pick's descent set off, and the
 * best known score as a step line. Coordinates are
 * percentages, and lines live in a stretched inner drawing with strokes that do not stretch, so the chart fits any
 * width. Null when no candidate was measured.
 */
export function searchChart(search: SearchTrace): Markup | null {
  const measured = search.candidates.filter(({ standings }) => standings.length > 0);
  if (measured.length === 0) return null;
  const plane = planeOf(search, measured);
  const ancestors = new Set(descentOf(measured).map(({ id }) => id));
  const steps = bestSoFar(measured);
  const end = steps.at(-1);
  const best = steps.map(({ calls, mean }): Point => [plane.x(calls), plane.y(mean)]);
  if (end) best.push([plane.x(search.calls), plane.y(end.mean)]);
  return html`<figure class="search">
<p class="key"><span><i class="line best"></i>best so far</span> <span><i class="line candidate"></i>a candidate</span> <span><i class="line edge"></i>made from</span> <span><i class="line descent"></i>the pick’s descent</span> <span><i class="dot was"></i>the prompt as it was</span> <span><i class="dot failed"></i>failed</span> <span><i class="dot head"></i>the pick</span></p>
<svg class="plot" role="img"><title>Dev score of each candidate over the calls of the search</title><desc>${describe(search, measured)}</desc>
${axes(plane)}
<svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">
${lineageLines(measured, plane)}
${measured
  .filter(({ standings }) => standings.length > 1)
  .map((candidate) =>
    path(
      candidate.standings.map(({ calls, mean }): Point => [plane.x(calls), plane.y(mean)]),
      lineClass(candidate, ancestors),
    ),
  )}
${path(best, 'best', true)}</svg>
${measured.map((candidate) => points(candidate, plane, ancestors))}
${ancestorLabels(measured, plane)}
${measured.filter(({ fate }) => fate === 'picked').map((candidate) => pickMark(candidate, plane))}
</svg></figure>`;
}

function planeOf(search: SearchTrace, measured: readonly CandidateTrace[]): Plane {
  const standings = measured.flatMap((candidate) => candidate.standings);
  const means = standings.map(({ mean }) => mean);
  const lastCall = Math.max(search.calls, ...standings.map(({ calls }) => calls), 1);
  const x = scaleLinear().domain([0, lastCall]).range([0, 100]);
  const y = scaleLinear()
    .domain([Math.max(0, Math.min(...means) - 0.05), Math.min(1, Math.max(...means) + 0.05)])
    .nice(5)
    .range([100, 0]);
  const mostRows = Math.max(...standings.map(({ rows }) => rows));
  return { x: (calls) => x(calls), y: (mean) => y(mean), xTicks: x.ticks(5), yTicks: y.ticks(5), mostRows };
}

function axes({ x, y, xTicks, yTicks }: Plane): Markup {
  const across = yTicks.map(
    (tick) => html`<line class="grid" x1="0" x2="100%" y1="${percent(y(tick))}" y2="${percent(y(tick))}"/>
<text x="0" dx="-10" y="${percent(y(tick))}" dy="0.32em" text-anchor="end">${Math.round(100 * tick)} %</text>`,
  );
  const along = xTicks.map(
    (tick) => html`<line class="tick" x1="${percent(x(tick))}" x2="${percent(x(tick))}" y1="100%" y2="100%"/>
<text x="${percent(x(tick))}" y="100%" dy="20" text-anchor="${anchorAt(x(tick))}">${formatCount(tick)}</text>`,
  );
  return html`${across}${along}
<text class="axis-name" x="100%" y="100%" dy="40" text-anchor="end">calls to the model</text>
<text class="axis-name" x="0" dx="-44" y="0" dy="-16">dev score</text>`;
}

/** The more rows behind a score, the larger its point. */
function points(
  candidate: CandidateTrace,
  { x, y, mostRows }: Plane,
  ancestors: ReadonlySet<number>,
): readonly Markup[] {
  return candidate.standings.map(
    ({ calls, rows, mean }) =>
      html`<circle class="point ${lineClass(candidate, ancestors)}" cx="${percent(x(calls))}" cy="${percent(y(mean))}" r="${(1.5 + 2 * Math.sqrt(rows / mostRows)).toFixed(1)}"><title>Candidate ${candidate.id}: ${formatValue(mean, 'ratio')} on ${rows} rows after ${formatCount(calls)} calls</title></circle>`,
  );
}

function pickMark(candidate: CandidateTrace, { x, y }: Plane): Markup | null {
  const last = finalStanding(candidate);
  if (!last) return null;
  const [cx, cy] = [x(last.calls), y(last.mean)];
  const side = cx > 60 ? html`dx="-12" text-anchor="end"` : html`dx="12"`;
  return html`<circle class="pick" cx="${percent(cx)}" cy="${percent(cy)}" r="7.5"/>
<text class="pick" x="${percent(cx)}" ${side} y="${percent(cy)}" dy="-12">candidate ${candidate.id}, ${formatValue(last.mean, 'ratio')}</text>`;
}

function lineClass({ id, fate }: CandidateTrace, ancestors: ReadonlySet<number>): string {
  if (id === 0) return 'base';
  if (fate !== 'raced out') return fate === 'picked' ? 'head' : 'failed';
  return ancestors.has(id) ? 'ancestor' : 'candidate';
}

function describe(search: SearchTrace, measured: readonly CandidateTrace[]): string {
  const picked = search.candidates.find(({ fate }) => fate === 'picked');
  const standing = picked && finalStanding(picked);
  const pick = standing
    ? ` The pick is candidate ${picked.id} with ${formatValue(standing.mean, 'ratio')}.`
    : '';
  const line = descentOf(measured).map(({ id }) => id);
  const descent = line.length > 1 ? ` Its line of descent: ${line.join(', ')}.` : '';
  const missing = search.candidates.length - measured.length;
  const unmeasured = missing > 0 ? ` ${missing} more could not be measured and are not drawn.` : '';
  return `${measured.length} candidates measured with ${formatCount(search.calls)} calls.${pick}${descent}${unmeasured}`;
}
