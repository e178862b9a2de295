import type { Fact } from '../costs.ts';
import { html, type Markup } from '../html/markup.ts';
import { countOf, formatCount, formatDollars } from '../numbers.ts';
import { type Inventory, type Spend, totalOf } from './dashboard.ts';
import { moment } from './moment.ts';

const SHOWN_AT_ONCE = 8;

/** What production and what measuring took, by prompt, the dearest first. */
export function spendBlock({ production, runs }: Inventory): Markup {
  return html`<section id="spend"><h2>Spend</h2>
<h3>Production${production?.window ? html` <span class="versions">${moment(production.window.from)} to ${moment(production.window.to)}</span>` : null}</h3>
${production ? table(production.uses) : html`<p class="lead">No telemetry is configured.</p>`}
<h3>Measuring and optimizing <span class="versions">runs whose results are on this machine</span></h3>
${table(runs)}</section>`;
}

/** Calls, tokens and money. */
export function usageFacts({
  calls,
  inputTokens,
  outputTokens,
  usd,
}: Omit<Spend, 'prompt'>): readonly Fact[] {
  return [
    { name: 'Calls', value: formatCount(calls) },
    { name: 'Tokens', value: `${formatCount(inputTokens)} in, ${formatCount(outputTokens)} out` },
    { name: 'Cost', value: formatDollars(usd) },
  ];
}

function table(spends: readonly Spend[]): Markup {
  if (spends.length === 0) return html`<p class="lead">Nothing is recorded.</p>`;
  const dearest = spends.toSorted((a, b) => (b.usd ?? 0) - (a.usd ?? 0) || b.calls - a.calls);
  const rest = dearest.slice(SHOWN_AT_ONCE);
  return html`${rows(dearest.slice(0, SHOWN_AT_ONCE), spends.length > 1 ? totalOf(spends) : null)}
${rest.length > 0 ? html`<details><summary>${countOf(rest.length, 'more prompt')}</summary>${rows(rest, null)}</details>` : null}`;
}

function rows(spends: readonly Spend[], total: Omit<Spend, 'prompt'> | null): Markup {
  const cells = (spend: Omit<Spend, 'prompt'>) =>
    usageFacts(spend).map(({ name, value }) => html`<td class="number" data-label="${name}">${value}</td>`);
  return html`<table class="spend"><thead><tr><th scope="col">prompt</th><th scope="col" class="number">calls</th><th scope="col" class="number">tokens</th><th scope="col" class="number">cost</th></tr></thead>
<tbody>${spends.map((spend) => html`<tr data-prompt="${spend.prompt.toLowerCase()}"><th scope="row">${spend.prompt}</th>${cells(spend)}</tr>`)}${total && html`<tr class="total"><th scope="row">all</th>${cells(total)}</tr>`}</tbody></table>`;
}
