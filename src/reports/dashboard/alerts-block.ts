import { html, type Markup } from '../html/markup.ts';
import { countOf } from '../numbers.ts';
import type { DashboardAlert } from './alerts.ts';
import { moment } from './moment.ts';

const SHOWN_REASONS = 4;

/** What is wrong now, and behind a fold what was. */
export function alertsBlock(alerts: readonly DashboardAlert[]): Markup {
  const open = alerts.filter(({ isOpen }) => isOpen);
  const past = alerts.filter(({ isOpen }) => !isOpen);
  return html`<section id="alerts"><h2>Alerts</h2>
${open.length === 0 ? html`<p class="lead">Nothing is wrong.</p>` : list(open)}
${past.length > 0 ? html`<details><summary>${countOf(past.length, 'alert')} of before</summary>${list(past)}</details>` : null}</section>`;
}

function list(alerts: readonly DashboardAlert[]): Markup {
  return html`<ul class="alerts">${alerts.map(
    ({ prompt, since, title, tone, reasons }) =>
      html`<li class="${tone}" data-prompt="${prompt.toLowerCase()}"><p><strong>${prompt}</strong> <span class="tag">${title}</span> <span class="since">since ${moment(since)}</span></p>
<ul>${reasons.slice(0, SHOWN_REASONS).map((reason) => html`<li>${reason}</li>`)}</ul></li>`,
  )}</ul>`;
}
