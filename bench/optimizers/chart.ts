import { scaleLinear } from 'd3-scale';
import { curveMonotoneX, line } from 'd3-shape';
import { contestantsOf } from './table.ts';
import { meanOf, type Result } from './tournament.ts';

const [width, height] = [720, 420];
const margin = { top: 40, right: 150, bottom: 48, left: 56 };
/** Distinct for all forms of colour blindness (Okabe and Ito 2008). */
const colours = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#e69f00',
  '#56b4e9',
  '#000000',
  '#8a8a8a',
  '#b8a000',
];
/** Least distance of two names, in pixels. */
const nameHeight = 15;

/** Worth of each contestant's pick over the calls it was given, means over seeds: an SVG. */
export function worthChart(title: string, results: readonly Result[], limits: readonly number[]): string {
  const x = scaleLinear()
    .domain([0, Math.max(...limits)])
    .range([margin.left, width - margin.right]);
  const y = scaleLinear()
    .domain([0, 1])
    .range([height - margin.bottom, margin.top]);
  const contestants = contestantsOf(results);
  const draw = line<number>()
    .x((calls) => x(calls))
    .curve(curveMonotoneX)
    .digits(1);
  const paths = contestants.map((name, index) => {
    const d = draw.y((calls) => y(meanOf(results, name, calls)))([...limits]) ?? '';
    return `<path d="${d}" fill="none" stroke="${colours[index % colours.length]}" stroke-width="2"/>`;
  });
  const last = Math.max(...limits);
  const ends = contestants
    .map((name, index) => ({ name, index, at: y(meanOf(results, name, last)) }))
    .sort((a, b) => a.at - b.at);
  let lowest = Number.NEGATIVE_INFINITY;
  const names = ends.map(({ name, index, at }) => {
    lowest = Math.max(at, lowest + nameHeight);
    return `<text x="${width - margin.right + 8}" y="${lowest.toFixed(1)}" dy="0.32em" fill="${colours[index % colours.length]}">${name}</text>`;
  });
  const across = y
    .ticks(5)
    .map(
      (tick) =>
        `<line x1="${margin.left}" x2="${width - margin.right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#ddd"/><text x="${margin.left - 8}" y="${y(tick)}" dy="0.32em" text-anchor="end">${tick.toFixed(1)}</text>`,
    );
  const along = x
    .ticks(6)
    .map(
      (tick) => `<text x="${x(tick)}" y="${height - margin.bottom + 20}" text-anchor="middle">${tick}</text>`,
    );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${margin.left}" y="20" font-size="14" font-weight="600">${title}: worth of the pick on the test split</text>`,
    ...across,
    ...along,
    ...paths,
    ...names,
    `<text x="${width - margin.right}" y="${height - 8}" text-anchor="end">calls</text>`,
    '</svg>',
  ].join('\n');
}
