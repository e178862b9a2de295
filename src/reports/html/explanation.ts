import type { Explanation } from '../explanation.ts';
import type { Section } from '../sections.ts';
import type { WordRun } from '../word-diff.ts';
import { html, type Markup } from './markup.ts';

/** What a reviewer needs in a minute: what changed, what it earns, what it lost, where it came from. */
export function explanationBlock({ explanation, proposal }: Section): Markup | null {
  if (!explanation) return null;
  const { changes, wording, examples, descent } = explanation;
  return html`<section><h3>In short</h3>
<dl class="minute">
${entry('What changed', changes.length > 0 ? sentences(changes) : null)}
${entry('The instruction, word by word', wording.length > 0 ? html`<p class="words">${wording.map(wordRun)}</p>` : null)}
${entry('What each change earns', earnings(explanation))}
${entry('Examples', examples === null ? null : html`${examples}`)}
${entry('Where it comes from', descent === null ? null : html`${descent}`)}
${entry('New version', proposal?.file ? html`<code>${proposal.file}</code>` : null)}
</dl></section>`;
}

function entry(name: string, value: Markup | null): Markup | null {
  return value && html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

function earnings({ earnings: said, earningNotes: notes }: Explanation): Markup | null {
  if (said.length + notes.length === 0) return null;
  return html`${said.length > 0 ? sentences(said) : null}${notes.map((note) => html`<p class="footnote">${note}</p>`)}`;
}

function sentences(entries: readonly string[]): Markup {
  return html`<ul>${entries.map((entry) => html`<li>${entry}</li>`)}</ul>`;
}

function wordRun({ kind, text }: WordRun): Markup {
  if (kind === 'added') return html`<ins>${text}</ins>`;
  return kind === 'removed' ? html`<del>${text}</del>` : html`${text}`;
}
