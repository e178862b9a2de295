import type { CandidateTrace } from '../../optimization/proposal.ts';
import { markdownFence, visibleText } from '../hostile.ts';
import { descentOf } from '../lineage.ts';
import { countOf, formatValue } from '../numbers.ts';
import { finalStanding, rankCandidates } from '../search-progress.ts';

const MOST_ANCESTORS = 8;
const LONGEST_WHY = 60;

/**
 * The pick's line of descent, drawn thick, with the candidates that were made from the same ones, as a graph that GitHub draws; none
 * where the pick was made from nothing, or where there is no room for the line.
 * @param most candidates
 */
export function lineageGraph(candidates: readonly CandidateTrace[], most: number): readonly string[] {
  const whole = descentOf(candidates);
  const line = whole.slice(-MOST_ANCESTORS);
  if (line.length < 2 || line.length > most) return [];
  const siblings = siblingsOf(candidates, line);
  const shown = rankCandidates(siblings).slice(0, most - line.length);
  const nodes = [...line, ...shown];
  const place = new Map(nodes.map(({ id }, index) => [id, index]));
  const edges = nodes.flatMap(({ parent }, index) => {
    const from = parent === null ? undefined : place.get(parent);
    const isFirst = index === 0;
    return from === undefined || isFirst
      ? []
      : [`  n${from} ${index < line.length ? '==>' : '-->'} n${index}`];
  });
  const graph = [
    'flowchart LR',
    ...nodes.map((node, index) => `  n${index}["${label(node)}"]`),
    ...edges,
    '  classDef descent stroke-width:3px',
    `  class ${line.map((_, index) => `n${index}`).join(',')} descent`,
  ];
  const missing = [
    ...(whole.length > line.length ? [countOf(whole.length - line.length, 'older ancestor')] : []),
    ...(siblings.length > shown.length ? [countOf(siblings.length - shown.length, 'sibling')] : []),
  ];
  const note = missing.length > 0 ? [`_Not drawn: ${missing.join(', ')}._`] : [];
  return [markdownFence(graph.join('\n'), 'mermaid'), ...note];
}

/** Candidates made from one of the line, the line itself not counted. */
function siblingsOf(
  candidates: readonly CandidateTrace[],
  line: readonly CandidateTrace[],
): readonly CandidateTrace[] {
  const ids = new Set(line.map(({ id }) => id));
  return candidates.filter(({ id, parent }) => parent !== null && ids.has(parent) && !ids.has(id));
}

function label(candidate: CandidateTrace): string {
  const { id, why, fate } = candidate;
  const standing = finalStanding(candidate);
  const score = standing
    ? `${formatValue(standing.mean, 'ratio')} on ${countOf(standing.rows, 'row')}`
    : 'not measured';
  const name = id === 0 ? '0' : `${id}, ${fate}`;
  return [name, mermaidText(why), score].join('<br/>');
}

/** Any text, cut, inside a quoted label: all but letters, digits and plain signs as character references, which mermaid resolves to text. */
function mermaidText(text: string): string {
  const kept = [...text.slice(0, 2 * LONGEST_WHY)].slice(0, LONGEST_WHY).join('');
  const inert = visibleText(kept, LONGEST_WHY)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[^\p{L}\p{M}\p{N} .,()-]/gu, (character) => `#${character.codePointAt(0)};`);
  return kept.length < text.length ? `${inert}…` : inert;
}
