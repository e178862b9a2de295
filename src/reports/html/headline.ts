import { examplesOf, type Headline } from '../headline.ts';
import { formatValue } from '../numbers.ts';
import type { Section } from '../sections.ts';
import { html, type Markup } from './markup.ts';

const MOST_NOTES = 40;

/** The verdict with its number set large, or as a sentence where there is none, and what must be known with it. */
export function headlinePanel(headline: Omit<Headline, 'kind'>, section: Section | null): Markup {
  const { tone, label, finding, notes, figure } = headline;
  const missing = notes.length - MOST_NOTES;
  return html`<div class="verdict ${tone}">
<p class="label">${label}</p>
${figure && html`<p class="figure">${figure.value}</p><p class="interval">${figure.doubt.map((part) => html`<span class="together">${part}</span> `)}</p>`}
${section && fromTo(section)}
${figure || finding === null ? null : html`<p class="sentence">${finding}</p>`}
${notes.length === 0 ? null : html`<ul class="sentence">${notes.slice(0, MOST_NOTES).map((note) => html`<li>${note}</li>`)}${missing > 0 ? html`<li>and ${missing} more</li>` : null}</ul>`}
</div>`;
}

function fromTo({ rows }: Section): Markup | null {
  const comparison = rows[0]?.comparison;
  if (!comparison || comparison.difference === null) return null;
  return html`<dl class="from-to"><div><dt>base</dt><dd>${formatValue(comparison.base, 'ratio')}</dd></div><div><dt>head</dt><dd class="is-head">${formatValue(comparison.head, 'ratio')}</dd></div></dl>`;
}

/** Prompt, versions, model and data of a section. */
export function sectionTitle({ id, versions, model, dataset }: Section, heading: 'h1' | 'h2'): Markup {
  const data = dataset ? `${examplesOf(dataset)} of ${dataset.path}` : 'not measured on the test split';
  const inner = html`${id} <span class="versions">${versions}</span>`;
  return html`${heading === 'h1' ? html`<h1>${inner}</h1>` : html`<h2 class="prompt">${inner}</h2>`}
<p class="setting"><span>${model}</span> <span>${data}</span></p>`;
}
