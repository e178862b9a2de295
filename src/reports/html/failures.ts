import { describeGroup, groupFailures } from '../costs.ts';
import { countFlaky, describeRepeats, flakyMeaning } from '../flaky.ts';
import type { Section } from '../sections.ts';
import { html, type Markup } from './markup.ts';

const NAMED_EXAMPLES = 20;
const MOST_FLAKY = 100;
const MOST_ERRORS = 100;

/** What failed, by the error's own words. */
export function failuresBlock({ failures }: Section): Markup | null {
  if (failures.length === 0) return null;
  const groups = groupFailures(failures);
  return html`<section><h3>Failures</h3>
<p class="lead">These have no score; none was made up for them.</p>
<dl class="failures">${groups.slice(0, MOST_ERRORS).map(({ error, examples }) => {
    const more = examples.length - NAMED_EXAMPLES;
    return html`<div><dt>${error}</dt><dd>${describeGroup(examples)}: ${examples.slice(0, NAMED_EXAMPLES).map((example) => html`<code>${example}</code> `)}${more > 0 ? html`and ${more} more` : null}</dd></div>`;
  })}</dl>${leftOut(groups.length - MOST_ERRORS)}</section>`;
}

/** Examples that did not score the same at each repeat, the widest spread first. */
export function flakyBlock({ flaky }: Section): Markup | null {
  if (flaky.length === 0) return null;
  return html`<section><h3>Flaky examples</h3>
<p class="lead">${countFlaky(flaky)}. ${flakyMeaning}</p>
<div class="scroll"><table class="plain"><thead><tr><th scope="col">example</th><th scope="col">objective at each repeat</th></tr></thead>
<tbody>${flaky.slice(0, MOST_FLAKY).map((each) => html`<tr><td><code>${each.example}</code></td><td>${describeRepeats(each)}</td></tr>`)}</tbody></table></div>${leftOut(flaky.length - MOST_FLAKY)}</section>`;
}

function leftOut(missing: number): Markup | null {
  return missing > 0 ? html`<p class="left-out">${missing} more are in report.json.</p>` : null;
}
