import { costFacts, describeGroup, type Fact, groupFailures } from '../costs.ts';
import type { RunReport } from '../run-report.ts';
import type { Section } from '../sections.ts';
import { html, type Markup } from './markup.ts';

const NAMED_EXAMPLES = 20;

/** What failed, by the error's own words. */
export function failuresBlock({ failures }: Section): Markup | null {
  if (failures.length === 0) return null;
  return html`<section><h3>Failures</h3>
<p class="lead">These have no score; none was made up for them.</p>
<dl class="failures">${groupFailures(failures).map(({ error, examples }) => {
    const more = examples.length - NAMED_EXAMPLES;
    return html`<div><dt>${error}</dt><dd>${describeGroup(examples)}: ${examples.slice(0, NAMED_EXAMPLES).map((example) => html`<code>${example}</code> `)}${more > 0 ? html`and ${more} more` : null}</dd></div>`;
  })}</dl></section>`;
}

/** Calls, tokens, money and time. */
export function costBlock(section: Section): Markup {
  return html`<section><h3>Cost and time</h3>${facts(costFacts(section))}</section>`;
}

/** The command and all that must be the same for the same numbers. */
export function repeatBlock({ command, version }: RunReport, sections: readonly Section[]): Markup {
  const pinned = new Map(
    sections.flatMap((section) =>
      section.pinned.map(({ name, value }) => [`${name}\n${value}`, { name, value }]),
    ),
  );
  const rows = [{ name: 'promptline', value: version }, ...pinned.values()];
  return html`<section><h3>How to repeat it</h3>
<pre class="command" tabindex="0"><code>${command}</code></pre>
<dl class="pinned">${rows.map(({ name, value }) => html`<div><dt>${name}</dt><dd><code>${value}</code></dd></div>`)}</dl></section>`;
}

function facts(entries: readonly Fact[]): Markup {
  return html`<dl class="facts">${entries.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
