import { curveStepAfter, line } from 'd3-shape';
import { html, type Markup } from './markup.ts';

/** In percent of a drawing, y from the top. */
export type Point = readonly [x: number, y: number];

/** Where calls and scores stand in a drawing of a search. */
export type Plane = {
  x(calls: number): number;
  y(mean: number): number;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
  readonly mostRows: number;
};

/** A line through points, in a stretched drawing; null for none. */
export function path(coordinates: readonly Point[], kind: string, steps = false): Markup | null {
  const draw = line<Point>()
    .x(([x]) => x)
    .y(([, y]) => y)
    .digits(2);
  if (steps) draw.curve(curveStepAfter);
  const d = draw([...coordinates]);
  return d === null ? null : html`<path class="${kind}" vector-effect="non-scaling-stroke" d="${d}"/>`;
}
