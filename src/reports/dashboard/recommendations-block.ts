import { html, type Markup } from '../html/markup.ts';
import { countOf } from '../numbers.ts';
import type { Recommendation } from './dashboard.ts';

const SHOWN_AT_ONCE = 6;

const titles: Readonly<Record<Recommendation['kind'], string>> = {
  rollout: 'Look at the rollout',
  release: 'Release',
  optimize: 'Optimize',
  label: 'Label',
  retire: 'Retire',
};

/** What to do next, each with its evidence and the command. */
export function recommendationsBlock(recommendations: readonly Recommendation[]): Markup {
  const rest = recommendations.slice(SHOWN_AT_ONCE);
  return html`<section id="next"><h2>What to do next</h2>
${recommendations.length === 0 ? html`<p class="lead">Nothing is recommended.</p>` : list(recommendations.slice(0, SHOWN_AT_ONCE))}
${rest.length > 0 ? html`<details><summary>${countOf(rest.length, 'more recommendation')}: ${countsOf(rest)}</summary>${list(rest)}</details>` : null}</section>`;
}

/** `3 release, 1 label`. */
function countsOf(recommendations: readonly Recommendation[]): string {
  const groups = Map.groupBy(recommendations, ({ kind }) => kind);
  return [...groups].map(([kind, own]) => `${own.length} ${kind}`).join(', ');
}

function list(recommendations: readonly Recommendation[]): Markup {
  return html`<ul class="cards">${recommendations.map(card)}</ul>`;
}

function card({ kind, prompt, finding, evidence, command }: Recommendation): Markup {
  return html`<li class="card" data-prompt="${prompt.toLowerCase()}"><h3><span class="kind">${titles[kind]}</span> ${prompt}</h3>
<p>${finding}</p>
${
  evidence.length === 0
    ? null
    : html`<dl class="evidence">${evidence.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}
<pre class="command" tabindex="0"><code>${command}</code></pre></li>`;
}
