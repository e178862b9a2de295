import type { CandidateTrace } from '../../optimization/proposal.ts';
import { descentOf, lineageEdges } from '../lineage.ts';
import { percent } from './axis.ts';
import { html, type Markup } from './markup.ts';
import { type Plane, path } from './plane.ts';

/** A line from each parent to its child, from what was known of the one to the first score of the other; the pick's descent on top. */
export function lineageLines(candidates: readonly CandidateTrace[], { x, y }: Plane): Markup {
  const descent = new Set(descentOf(candidates));
  const edges = lineageEdges(candidates).toSorted(
    (a, b) => Number(descent.has(a.child)) - Number(descent.has(b.child)),
  );
  return html`${edges.map(({ child, from, to }) =>
    path(
      [
        [x(from.calls), y(from.mean)],
        [x(to.calls), y(to.mean)],
      ],
      descent.has(child) ? 'descent' : 'edge',
    ),
  )}`;
}

/** The numbers of the pick's ancestors, each at its first score; the prompt as it was has its colour, and the pick its own mark. */
export function ancestorLabels(candidates: readonly CandidateTrace[], { x, y }: Plane): Markup {
  const ancestors = descentOf(candidates).filter(({ id, fate }) => id !== 0 && fate !== 'picked');
  return html`${ancestors.map(({ id, standings: [first] }) =>
    first
      ? html`<text class="ancestor" x="${percent(x(first.calls))}" y="${percent(y(first.mean))}" dy="-8" text-anchor="middle">${id}</text>`
      : null,
  )}`;
}
