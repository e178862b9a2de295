/** What the dashboard adds to the style sheet of reports. */
export const dashboardStyle = `
h2 { font-size: 1.25rem; font-weight: 600; letter-spacing: -0.01em; margin-bottom: 1rem; }
h3 .versions { font-size: 0.875rem; }
html { scroll-padding-top: 5rem; }
[hidden] { display: none !important; }
.glance { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: 1rem 2rem; margin-top: 2rem; }
.glance dd { font-size: 1.75rem; line-height: 1.2; font-weight: 300; letter-spacing: -0.02em; }
.glance dd a { text-decoration: none; } .glance dd a:hover { text-decoration: underline; }
.glance .bad dd, .glance .doubt dd { color: var(--tone); }
.problems { margin-top: 1.5rem; padding-left: 1.125rem; color: var(--doubt); }
form.filter { position: sticky; top: 0; z-index: 1; margin-top: 2rem; padding: 0.75rem 0; background: var(--paper); }
.filter input {
  width: 100%; max-width: 26rem; font: inherit; color: inherit; background: var(--panel); border: 1px solid var(--rule);
  border-radius: 4px; padding: 0.5rem 0.75rem;
}
.cards, .alerts, .alerts ul { list-style: none; padding: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 1rem; }
details .cards { margin-top: 1rem; }
.card { border: 1px solid var(--rule); border-radius: 6px; padding: 1rem 1.125rem; display: flex; flex-direction: column; }
.card h3 { font-size: 1rem; margin-bottom: 0.375rem; }
.kind { display: block; font-size: 0.8125rem; color: var(--head); }
.evidence { margin: 0.75rem 0 0; font-size: 0.875rem; }
.evidence > div { display: flex; flex-wrap: wrap; gap: 0 1.5rem; padding: 0.2rem 0; border-top: 1px solid var(--rule); }
.evidence dd { margin-left: auto; }
.card .command { margin: auto 0 0; font-size: 0.8125rem; padding: 0.5rem 0.75rem; }
.card .evidence + .command, .card p + .command { margin-top: auto; }
.card > p, .card > dl { margin-bottom: 0.875rem; }
.alerts > li { border-left: 3px solid var(--tone); padding: 0.125rem 0 0.125rem 1rem; margin-bottom: 1.125rem; }
.alerts ul, .since { color: var(--soft); font-size: 0.9375rem; }
details .alerts { margin-top: 1rem; }
.rollout + .rollout { margin-top: 2.5rem; }
.rollout h3 { margin-bottom: 0.75rem; }
.steps + .lead { margin: 0.5rem 0 0.75rem; }
.steps { display: block; width: 100%; overflow: visible; }
.steps .rest { fill: var(--grid); } .steps .reached { fill: var(--head); }
.reasons { margin: 0.25rem 0 1rem; padding-left: 1.125rem; max-width: 54rem; }
.rollout-evidence th, .rollout-evidence td { white-space: nowrap; vertical-align: middle; }
.rollout-evidence .strip { min-width: 13rem; width: 34%; padding-left: 0.75rem; padding-right: 1.5rem; white-space: normal; }
.difference { display: block; width: 100%; }
.difference .zero { stroke: var(--base); stroke-dasharray: 2 2; } .difference .whisker { stroke: var(--tone); } .difference .dot { fill: var(--tone); }
.said { font-size: 0.8125rem; color: var(--soft); }
.prompt { margin: 0; border-bottom: 1px solid var(--rule); content-visibility: auto; contain-intrinsic-size: auto 3.25rem; }
.prompt > summary {
  display: grid; grid-template-columns: minmax(0, 1fr) 8.5rem 12.5rem 9rem; gap: 0 1.25rem; align-items: center;
  width: 100%; padding: 0.625rem 0; color: inherit; list-style: none;
}
.prompt > summary::-webkit-details-marker { display: none; }
.prompt .name::before { content: "+"; display: inline-block; width: 1.25rem; color: var(--soft); }
.prompt[open] .name::before { content: "\\2212"; }
.prompt > summary:hover { background: var(--panel); }
.prompt .interval { color: var(--soft); font-size: 0.875rem; white-space: nowrap; }
.prompt .score, .prompt .served { white-space: nowrap; }
.prompt .score .interval { margin-left: 0.375rem; }
.inside { padding: 0.5rem 0 2rem 1.25rem; }
.spark { display: block; width: calc(100% - 5px); height: 28px; overflow: visible; }
.spark .line, .scores .line { fill: none; stroke: var(--head); stroke-width: 1.5; }
.spark .now { fill: var(--head); }
.scores { margin: 1rem 0 1.5rem; }
.scores .plot { height: 13rem; margin-top: 1rem; margin-bottom: 2.25rem; }
.scores .dots { fill: none; stroke: var(--head); stroke-width: 6; stroke-linecap: round; }
.scores .whiskers { fill: none; stroke: var(--head); stroke-opacity: 0.35; stroke-width: 1.5; }
.scores .mark { stroke: var(--doubt); stroke-dasharray: 3 4; }
.versions-table { font-size: 0.875rem; } .versions-table td, .versions-table th { white-space: nowrap; padding-top: 0.3rem; padding-bottom: 0.3rem; }
.versions-table .other-data > * { border-bottom: 1px dashed var(--doubt); }
.inside .facts { margin-top: 0.5rem; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); }
.windows th, .windows td { white-space: nowrap; }
.left-out { margin-top: 1rem; }
.spend .total > * { border-top: 1px solid var(--rule); font-weight: 600; }
.spend { margin-bottom: 1rem; } .spend th { overflow-wrap: anywhere; }
footer { margin-top: 4rem; color: var(--soft); font-size: 0.875rem; }

@media (max-width: 46rem) {
  .prompt > summary { grid-template-columns: minmax(0, 1fr) 6.5rem; gap: 0.125rem 1rem; }
  .prompt .trend { grid-column: 2; grid-row: 1 / span 2; }
  .prompt .score, .prompt .served { grid-column: 1; padding-left: 1.25rem; }
  .inside { padding-left: 0; }
  .rollout-evidence, .rollout-evidence tbody { display: block; } .rollout-evidence thead { display: none; }
  .rollout-evidence tr { display: flex; flex-wrap: wrap; gap: 0 1.25rem; padding: 0.5rem 0; border-bottom: 1px solid var(--rule); }
  .rollout-evidence th { flex: 0 0 100%; padding: 0; font-weight: 600; }
  .rollout-evidence td { padding: 0.125rem 0; text-align: left; }
  .rollout-evidence .strip { order: 1; flex: 0 0 100%; padding: 0.25rem 0; }
  .rollout-evidence td[data-label]::before { content: attr(data-label); display: block; font-size: 0.75rem; color: var(--soft); }
  .glance { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .scores .plot { height: 11rem; }
  .spend, .spend tbody { display: block; } .spend thead { display: none; }
  .spend tr { display: flex; flex-wrap: wrap; gap: 0 1.25rem; padding: 0.5rem 0; border-bottom: 1px solid var(--rule); }
  .spend th { flex: 0 0 100%; padding: 0; } .spend td { padding: 0; } .spend .total > * { border: 0; }
}
`;
