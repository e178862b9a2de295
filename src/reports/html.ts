import { costBlock, repeatBlock } from './html/costs.ts';
import { distributionsBlock } from './html/distributions.ts';
import { answersBlock, changesBlock } from './html/examples.ts';
import { explanationBlock } from './html/explanation.ts';
import { failuresBlock, flakyBlock } from './html/failures.ts';
import { headlinePanel, sectionTitle } from './html/headline.ts';
import { html, type Markup } from './html/markup.ts';
import { metricsBlock } from './html/metrics.ts';
import { pageOf } from './html/page.ts';
import { promptDiffBlock } from './html/prompt-diff.ts';
import { searchBlock } from './html/search.ts';
import { slicesBlock } from './html/slices.ts';
import { style } from './html/style.ts';
import { headlineOfRun } from './run-headline.ts';
import type { RunReport } from './run-report.ts';
import { type Section, sectionsOf } from './sections.ts';

/** A report as one page that needs nothing else: no script, no request, light and dark. */
export function renderHtml(report: RunReport): string {
  const sections = sectionsOf(report);
  const headline = headlineOfRun(report, sections);
  const [only] = sections;
  const isOne = only !== undefined && sections.length === 1;
  const body = isOne
    ? html`${sectionTitle(only, 'h1')}${headlinePanel(headline, only)}${details(only)}`
    : html`<h1>promptline report</h1>${headlinePanel(headline, null)}${overview(sections)}${sections.map(titledSection)}`;
  return pageOf({
    title: isOne ? `${only.id}: ${headline.label}` : `promptline: ${headline.label}`,
    style,
    script: null,
    body: html`${body}
${repeatBlock(report, sections)}`,
  });
}

function details(section: Section): Markup {
  return html`${explanationBlock(section)}${metricsBlock(section)}${promptDiffBlock(section)}${changesBlock(section)}${slicesBlock(section)}${searchBlock(section)}${flakyBlock(section)}${failuresBlock(section)}${answersBlock(section)}${distributionsBlock(section)}${costBlock(section)}`;
}

function titledSection(section: Section, index: number): Markup {
  return html`<article id="prompt-${index + 1}">${sectionTitle(section, 'h2')}${headlinePanel(section.headline, section)}${details(section)}</article>`;
}

/** All prompts at a glance, each a link to its part of the page. */
function overview(sections: readonly Section[]): Markup | null {
  if (sections.length === 0) return null;
  return html`<section><h3>Prompts</h3><div class="scroll"><table class="overview"><tbody>${sections.map(
    ({ id, versions, headline }, index) =>
      html`<tr><th scope="row"><a href="#prompt-${index + 1}">${id}</a> <span class="versions">${versions}</span></th><td class="number">${headline.figure?.value ?? null}</td><td><span class="tag ${headline.tone}">${headline.label}</span></td></tr>`,
  )}</tbody></table></div></section>`;
}
