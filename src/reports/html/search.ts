import type { CandidateTrace } from '../../optimization/proposal.ts';
import { countOf, formatCount, formatValue, noNumber } from '../numbers.ts';
import { finalStanding, rankCandidates } from '../search-progress.ts';
import type { Section } from '../sections.ts';
import { html, type Markup } from './markup.ts';
import { searchChart } from './search-chart.ts';

const MOST_CANDIDATES = 200;

/** How the search went: its chart, why it ended, its candidates. */
export function searchBlock({ proposal }: Section): Markup | null {
  if (!proposal || proposal.search.candidates.length === 0) return null;
  const { candidates, calls, budget, ended } = proposal.search;
  const ranked = rankCandidates(candidates);
  const missing = ranked.length - MOST_CANDIDATES;
  return html`<section><h3>Search</h3>
<p class="lead">${countOf(candidates.length, 'candidate')}, ${formatCount(calls)} of ${countOf(budget, 'call')}. It ended: ${ended}</p>
${searchChart(proposal.search)}
<details><summary>All candidates</summary>
<div class="scroll"><table class="plain"><thead><tr><th scope="col" class="number">candidate</th><th scope="col" class="number">from</th><th scope="col">how it was made</th><th scope="col" class="number">dev score</th><th scope="col" class="number">rows</th><th scope="col">fate</th></tr></thead>
<tbody>${ranked.slice(0, MOST_CANDIDATES).map(candidateRow)}</tbody></table></div>
${missing > 0 ? html`<p class="left-out">${missing} more candidates are in report.json.</p>` : null}
</details></section>`;
}

function candidateRow(candidate: CandidateTrace): Markup {
  const standing = finalStanding(candidate);
  const { id, parent, why, fate } = candidate;
  return html`<tr class="${fate === 'picked' ? 'picked' : ''}"><td class="number">${id}</td><td class="number">${parent ?? noNumber}</td><td class="made">${why}</td><td class="number">${formatValue(standing?.mean ?? null, 'ratio')}</td><td class="number">${standing?.rows ?? noNumber}</td><td>${fate}</td></tr>`;
}
