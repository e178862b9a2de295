import { costFacts } from '../costs.ts';
import type { RunReport } from '../run-report.ts';
import { pinsOf, type Section } from '../sections.ts';
import { html, type Markup } from './markup.ts';

/** Calls, tokens, money and time. */
export function costBlock(section: Section): Markup {
  return html`<section><h3>Cost and time</h3><dl class="facts">${costFacts(section).map(
    ({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl></section>`;
}

/** The command and all that must be the same for the same numbers. */
export function repeatBlock(report: RunReport, sections: readonly Section[]): Markup {
  return html`<section><h3>How to repeat it</h3>
<pre class="command" tabindex="0"><code>${report.command}</code></pre>
<dl class="pinned">${pinsOf(report, sections).map(({ name, value }) => html`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>`)}</dl></section>`;
}
