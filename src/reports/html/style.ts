/** The page's style sheet: system fonts, tabular figures, one accent, a palette for light and one for dark. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1e23; --soft: #59606a; --rule: #e3e5e9; --panel: #f6f7f8; --grid: #e9ebee;
  --head: #2460a7; --base: #868d97; --good: #1c7a4a; --bad: #b23a2e; --doubt: #8a6100;
  --added: #e6f4ec; --removed: #fbebe9; --candidate: #bcc2ca;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131519; --ink: #e4e6ea; --soft: #a1a8b2; --rule: #2b2f36; --panel: #1a1d22; --grid: #252930;
    --head: #82b4f0; --base: #8b929d; --good: #62c490; --bad: #f08c80; --doubt: #d9ae55;
    --added: #16291f; --removed: #321e1c; --candidate: #4b525c;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 3.5rem 2rem 5rem; max-width: 72rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
code, pre, .diff, .text { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; }
code { font-size: 0.86em; }
p, ul, dl, figure, h1, h2, h3, h4, pre { margin: 0; }
h1, h2.prompt { font-size: 1.625rem; line-height: 1.25; font-weight: 600; letter-spacing: -0.012em; }
h2.prompt { margin-top: 5rem; padding-top: 2rem; border-top: 2px solid var(--ink); }
h3 { font-size: 1.125rem; font-weight: 600; letter-spacing: -0.005em; margin-bottom: 1rem; }
h4 { font-size: 0.9375rem; font-weight: 600; margin: 1.75rem 0 0.5rem; }
section { margin-top: 3.25rem; padding-top: 1.5rem; border-top: 1px solid var(--rule); }
small { font-size: inherit; color: var(--soft); }
details { margin-top: 0.75rem; }
summary { cursor: pointer; color: var(--soft); width: fit-content; }
summary:hover { color: var(--ink); }
:focus-visible { outline: 2px solid var(--head); outline-offset: 2px; }
.versions { color: var(--soft); font-weight: 400; display: inline-block; max-width: 100%; }
.setting { margin-top: 0.375rem; color: var(--soft); display: flex; flex-wrap: wrap; gap: 0 1.5rem; }
.lead, .left-out { color: var(--soft); max-width: 44rem; }
.lead { margin-bottom: 1rem; }
.good { --tone: var(--good); } .bad { --tone: var(--bad); } .doubt { --tone: var(--doubt); }
.neutral { --tone: var(--soft); }
.is-good { color: var(--good); } .is-bad { color: var(--bad); }

.verdict {
  margin-top: 2.25rem; padding: 0.25rem 0 0.25rem 1.75rem; border-left: 3px solid var(--tone);
  display: grid; grid-template-columns: auto 1fr; column-gap: 3.5rem; align-items: end;
}
.verdict > * { grid-column: 1 / -1; }
.verdict .label { color: var(--tone); font-weight: 600; }
.verdict .figure {
  grid-column: 1; font-size: clamp(2.5rem, 8vw, 4.25rem); line-height: 1.1; font-weight: 300; letter-spacing: -0.03em;
}
.verdict .from-to { grid-column: 2; grid-row: 2; display: flex; gap: 2.25rem; padding-bottom: 0.6rem; }
.verdict .interval { color: var(--soft); font-size: 1.0625rem; margin-top: 0.25rem; }
.verdict .together { margin-right: 0.75rem; }
.verdict .sentence { max-width: 46rem; margin-top: 0.875rem; }
.verdict ul { padding-left: 1.125rem; }
.verdict li + li { margin-top: 0.25rem; }
.from-to dt { font-size: 0.8125rem; color: var(--soft); }
.from-to dd { margin: 0; font-size: 1.375rem; line-height: 1.3; color: var(--soft); }
.from-to dd.is-head { color: var(--head); }

table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.5rem 1rem 0.5rem 0; vertical-align: top; font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-size: 0.8125rem; color: var(--soft); border-bottom: 1px solid var(--rule); vertical-align: bottom; }
thead td { border-bottom: 1px solid var(--rule); }
thead th, summary { overflow-wrap: normal; }
.number { text-align: right; white-space: nowrap; }
.scroll { overflow-x: auto; }
.metrics th, .metrics td { vertical-align: middle; padding-top: 0.25rem; padding-bottom: 0.25rem; }
.metrics tbody th { min-width: 13.5rem; }
.metrics .whole th { font-weight: 600; }
.metrics small { display: block; font-size: 0.8125rem; font-weight: 400; }
.metrics .tier th { padding-top: 1rem; font-size: 0.8125rem; color: var(--soft); border-bottom: 1px solid var(--rule); }
.metrics .strip { width: 27%; padding-left: 1.25rem; padding-right: 1.75rem; }
.metrics.forest .strip { width: 40%; }
.metrics.alone .strip { width: 46%; }
.metrics .axis td { padding-top: 0; padding-bottom: 0.75rem; }
.metrics svg { display: block; width: 100%; overflow: visible; }
.verdict-cell, .together { white-space: nowrap; }
.tag { color: var(--tone); font-weight: 600; overflow-wrap: normal; }
.footnote { margin-top: 0.75rem; font-size: 0.8125rem; color: var(--soft); max-width: 46rem; }
.gate { margin-top: 1rem; color: var(--soft); }
.gate ul { padding-left: 1.25rem; max-width: 46rem; }
.minute > div { display: grid; grid-template-columns: 11rem 1fr; gap: 0 1.5rem; padding: 0.625rem 0; border-bottom: 1px solid var(--rule); }
.minute > div:last-child { border-bottom: 0; }
.minute dd { max-width: 46rem; }
.minute dt { font-size: 0.875rem; line-height: 1.75; }
.minute ul { padding-left: 1.125rem; } .minute li + li { margin-top: 0.25rem; }
.words { white-space: pre-wrap; }
ins { background: var(--added); color: var(--good); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
del { background: var(--removed); color: var(--bad); }

svg text { font-size: 0.75rem; fill: var(--soft); }
svg .grid { stroke: var(--grid); }
svg .baseline { stroke: var(--rule); }
svg .zero { stroke: var(--ink); }
.forest svg .whisker { stroke: var(--tone); } .forest svg .dot { fill: var(--tone); }
svg line.whisker { stroke-width: 2; stroke-linecap: round; }
svg .base { stroke: var(--base); } svg .head { stroke: var(--head); }
svg .dot.base { fill: var(--paper); stroke-width: 2; } svg .dot.head { fill: var(--head); }
.key { font-size: 0.8125rem; color: var(--soft); margin-bottom: 0.75rem; }
.key > span { white-space: nowrap; margin-right: 1.1rem; }
.key i { display: inline-block; margin-right: 0.4rem; vertical-align: middle; }
.key .dot { width: 10px; height: 10px; border-radius: 50%; border: 2px solid var(--base); }
.key .dot.head { background: var(--head); border-color: var(--head); }
.key .dot.was { background: var(--base); }
.key .whisker { width: 22px; height: 2px; background: var(--base); }
.key .line { width: 22px; height: 2px; background: var(--candidate); }
.key .line.best { background: var(--ink); }
.key .line.edge { background: none; height: 0; border-top: 1px dashed var(--base); }
.key .line.descent { background: var(--head); height: 3px; }
.key .dot.failed { background: none; border-color: var(--bad); }

.plot { display: block; overflow: visible; height: 19rem; width: calc(100% - 4rem); margin: 2.25rem 1rem 3.25rem 3rem; }
.plot path { fill: none; }
.plot path.candidate { stroke: var(--candidate); }
.plot path.head { stroke-width: 1.5; }
.plot path.edge { stroke: var(--base); stroke-width: 0.75; stroke-dasharray: 2 3; opacity: 0.7; }
.plot path.descent { stroke: var(--head); stroke-width: 3; opacity: 0.75; }
.plot path.ancestor { stroke: var(--head); stroke-width: 1.5; opacity: 0.75; }
.plot path.failed { stroke: var(--candidate); }
.plot path.best { stroke: var(--ink); stroke-width: 2; }
.plot .point { stroke: none; }
.plot .point.candidate { fill: var(--candidate); } .plot .point.base { fill: var(--base); } .plot .point.head { fill: var(--head); }
.plot .point.ancestor { fill: var(--head); }
.plot .point.failed { fill: var(--paper); stroke: var(--bad); stroke-width: 1.5; }
.plot text.ancestor { fill: var(--head); font-size: 0.75rem; font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
.plot circle.pick { fill: none; stroke: var(--head); stroke-width: 2; }
.plot text.pick { fill: var(--head); font-size: 0.8125rem; font-weight: 600; paint-order: stroke; stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round; }
.plain .picked td { font-weight: 600; }
.plain .made { min-width: 11em; }
.plain td:last-child { overflow-wrap: normal; }
.histograms { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1.5rem 3rem; }
.histograms h4 { margin: 0; } .histograms .lead { margin: 0; font-size: 0.875rem; }
.plot.histogram { height: 8rem; width: 100%; margin: 1.75rem 0 2rem; }
.histogram .bar { fill: var(--base); }
.histogram .mark { stroke: var(--ink); stroke-dasharray: 2 3; }

.diff-frame { border: 1px solid var(--rule); border-radius: 4px; max-height: 40rem; overflow: auto; }
.diff { font-size: 0.8125rem; line-height: 1.6; }
.diff td { padding: 0 1rem 0 0; white-space: pre-wrap; }
.diff tr:first-child td { padding-top: 0.5rem; } .diff tr:last-child td { padding-bottom: 0.5rem; }
.diff .sign { width: 2.25rem; padding: 0; text-align: center; color: var(--soft); user-select: none; }
.diff .added { background: var(--added); } .diff .added .sign { color: var(--good); }
.diff .removed { background: var(--removed); } .diff .removed .sign { color: var(--bad); }
.diff .gap td { height: 1.5rem; border-block: 1px solid var(--rule); background: var(--panel); }

.tally { display: block; width: 100%; border-radius: 2px; margin-bottom: 0.75rem; }
.tally .lost { fill: var(--bad); } .tally .others { fill: var(--grid); } .tally .won { fill: var(--good); }
.key .square { width: 10px; height: 10px; border-radius: 2px; background: var(--candidate); }
.key .square.lost { background: var(--bad); } .key .square.won { background: var(--good); }
.examples { font-size: 0.875rem; }
.examples tbody tr { border-bottom: 1px solid var(--rule); }
.examples .text { font-size: 0.8125rem; line-height: 1.5; white-space: pre-wrap; max-height: 11rem; overflow: auto; }
.examples.changes { table-layout: fixed; }
.examples.changes th:nth-child(1) { width: 14%; } .examples.changes th:nth-child(2) { width: 12%; }
.examples.changes th:nth-child(4) { width: 17%; } .examples.changes th:nth-child(5) { width: 17%; }
.examples.changes th:nth-child(6) { width: 17%; }
.examples .value { white-space: nowrap; }
.examples.answers td:nth-child(1) { min-width: 8rem; }
.examples.answers td:nth-child(2), .examples.answers td:nth-child(3) { min-width: 14rem; }
em { color: var(--soft); }

.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: 1rem 2rem; }
dt { font-size: 0.8125rem; color: var(--soft); }
dd { margin: 0; }
.failures > div { padding: 0.75rem 0; border-bottom: 1px solid var(--rule); }
.failures dt { color: var(--ink); font-size: 1rem; }
.failures dd { font-size: 0.875rem; color: var(--soft); }
.command { background: var(--panel); border-radius: 4px; padding: 0.875rem 1rem; white-space: pre-wrap; margin-bottom: 1rem; }
.pinned > div { display: grid; grid-template-columns: minmax(10rem, 18rem) 1fr; gap: 0 1.5rem; padding: 0.2rem 0; }
.overview { width: auto; }
.overview td, .overview th { vertical-align: baseline; padding-right: 2.5rem; }
a { color: inherit; text-decoration-color: var(--base); text-underline-offset: 0.2em; }

@media (max-width: 46rem) {
  body { padding: 1.75rem 1.125rem 3.5rem; }
  h1, h2.prompt { font-size: 1.375rem; }
  section { margin-top: 2.5rem; }
  .verdict { padding-left: 1.125rem; }
  .verdict .from-to { grid-column: 1 / -1; grid-row: auto; padding: 0.75rem 0 0; }
  .metrics, .metrics tbody, .examples, .examples tbody { display: block; }
  .metrics thead, .examples thead { display: none; }
  .metrics tr { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 0.875rem; padding: 0.75rem 0 0.25rem; }
  .metrics th, .metrics td { padding: 0; }
  .metrics tbody th { font-weight: 600; min-width: 0; max-width: 100%; }
  .metrics .tier { padding-bottom: 0; border-bottom: 1px solid var(--rule); }
  .metrics .tier th { padding: 0.75rem 0 0.25rem; border: 0; font-weight: 400; }
  .metrics .strip, .metrics.alone .strip, .metrics.forest .strip { order: 1; flex: 0 0 100%; padding: 0 0.625rem; }
  .metrics .number { order: 2; text-align: left; padding-bottom: 0.25rem; }
  .metrics .verdict-cell { margin-left: auto; order: 0; }
  .metrics .axis { padding: 0; }
  .metrics td[data-label]::before, .examples td::before {
    content: attr(data-label); display: block; font-size: 0.75rem; color: var(--soft);
  }
  .examples tr { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0.5rem 1rem; padding: 0.875rem 0; }
  .examples td, .examples.answers td { padding: 0; min-width: 0; }
  .examples td:has(.text) { grid-column: 1 / -1; }
  .overview, .overview tbody { display: block; }
  .overview tr { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0.5rem 0; }
  .overview th, .overview td { padding: 0; } .overview th { flex: 0 0 100%; }
  .plot { width: calc(100% - 3.25rem); margin-left: 2.75rem; margin-right: 0.5rem; height: 15rem; }
  .plot.histogram { height: 7rem; }
  .minute > div { grid-template-columns: 1fr; }
  .pinned > div { grid-template-columns: 1fr; padding: 0.375rem 0; }
}
@media print { .text, .diff-frame { max-height: none !important; } }
`;
