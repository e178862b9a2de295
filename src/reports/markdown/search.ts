import type { SearchTrace } from '../../optimization/proposal.ts';
import { markdownFence, markdownText } from '../hostile.ts';
import { countOf, formatCount, formatValue, noNumber } from '../numbers.ts';
import { bestSoFar, finalStanding, rankCandidates, sampleSteps } from '../search-progress.ts';
import type { Section } from '../sections.ts';
import { capped, collapsible, type Limits, table } from './blocks.ts';
import { lineageGraph } from './lineage.ts';

/** A graph of more candidates is not read. */
const MOST_DRAWN = 12;

/** How the search went: the charts of its best score and of the pick's descent, and its candidates. */
export function searchBlocks({ proposal }: Section, limits: Limits): readonly string[] {
  if (!proposal || proposal.search.candidates.length === 0) return [];
  const { search } = proposal;
  const { shown, leftOut } = capped(rankCandidates(search.candidates), limits.candidates, 'candidates');
  const summary = `Search: ${countOf(search.candidates.length, 'candidate')}, ${formatCount(search.calls)} of ${countOf(search.budget, 'call')}`;
  const ended = `The search ended: ${markdownText(search.ended)}`;
  return [
    collapsible(summary, [
      ended.endsWith('.') ? ended : `${ended}.`,
      ...progressChart(search),
      ...lineageGraph(search.candidates, Math.min(MOST_DRAWN, limits.candidates)),
      ...(shown.length > 0 ? [candidateTable(shown)] : []),
      ...leftOut,
    ]),
  ];
}

function candidateTable(candidates: SearchTrace['candidates']): string {
  return table(
    [
      { name: 'candidate', numeric: true },
      { name: 'from', numeric: true },
      { name: 'how it was made' },
      { name: 'dev score', numeric: true },
      { name: 'rows', numeric: true },
      { name: 'fate' },
    ],
    candidates.map((candidate) => {
      const standing = finalStanding(candidate);
      return [
        String(candidate.id),
        candidate.parent === null ? noNumber : String(candidate.parent),
        markdownText(candidate.why, 160),
        formatValue(standing?.mean ?? null, 'ratio'),
        standing ? String(standing.rows) : noNumber,
        candidate.fate === 'picked' ? '**picked**' : candidate.fate,
      ];
    }),
  );
}

/** Mermaid spreads a line's values evenly over the x-axis, so the steps are sampled at even distances. */
function progressChart({ candidates, calls }: SearchTrace): readonly string[] {
  const steps = bestSoFar(candidates);
  const [first] = steps;
  if (!first || calls <= first.calls) return [];
  const values = sampleSteps(steps, calls, 40).map((mean) => (100 * mean).toFixed(1));
  const top = Math.min(100, 10 * Math.ceil((Math.max(...steps.map(({ mean }) => mean)) * 100 + 1) / 10));
  const chart = [
    'xychart-beta',
    '  title "Dev score of the best candidate so far"',
    `  x-axis "calls" ${first.calls} --> ${calls}`,
    `  y-axis "dev score, %" 0 --> ${top}`,
    `  line [${values.join(', ')}]`,
  ];
  return [markdownFence(chart.join('\n'), 'mermaid')];
}
