import type { DiffLine } from '../prompt-diff.ts';
import type { Section } from '../sections.ts';
import { html, type Markup } from './markup.ts';

const MOST_LINES = 2_000;
const signs: Readonly<Record<DiffLine['kind'], string>> = { added: '+', removed: '\u2212', same: ' ' };

/** What the new version changes, line by line. */
export function promptDiffBlock({ proposal, diff }: Section): Markup | null {
  if (!proposal || diff.length === 0) return null;
  const lines = diff.flatMap((hunk, index) => [
    ...(index > 0 ? [html`<tr class="gap"><td colspan="2"></td></tr>`] : []),
    ...hunk.lines.map(diffLine),
  ]);
  const missing = lines.length - MOST_LINES;
  return html`<section><h3>What changed in the prompt</h3>
<div class="scroll diff-frame" tabindex="0" role="region" aria-label="Difference of the prompt"><table class="diff"><tbody>${lines.slice(0, MOST_LINES)}</tbody></table></div>
${missing > 0 ? html`<p class="left-out">${missing} more lines are in report.json.</p>` : null}</section>`;
}

function diffLine({ kind, text }: DiffLine): Markup {
  return html`<tr class="${kind}"><td class="sign">${signs[kind]}</td><td>${text}</td></tr>`;
}
