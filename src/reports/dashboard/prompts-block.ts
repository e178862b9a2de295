import type { ScorebookEntry } from '../../optimization/scorebook-schema.ts';
import { unreleased } from '../../prompts/version.ts';
import type { RolloutState } from '../../rollout/state.ts';
import { html, type Markup } from '../html/markup.ts';
import { countOf, formatCount, formatInterval, formatValue, noNumber } from '../numbers.ts';
import {
  type Inventory,
  type InventoryPrompt,
  type MonitoredWindow,
  newestEntry,
  type ProductionUse,
} from './dashboard.ts';
import { moment } from './moment.ts';
import { toneOfDecision } from './rollouts-block.ts';
import { scoreChart, sparkline } from './score-chart.ts';
import { usageFacts } from './spend-block.ts';

/** Versions of a prompt in its table; the chart has all, and the scorebook. */
const SHOWN_VERSIONS = 25;
/** Columns that a page has room for. */
const SHOWN_METRICS = 8;

/** Every prompt as a line, which opens to its versions and their scores. */
export function promptsBlock({ prompts, rollouts, production, monitoring }: Inventory): Markup {
  const states = new Map(rollouts.states.map((state) => [state.prompt, state]));
  const uses = new Map(production?.uses.map((use) => [use.prompt, use]));
  const windows = Map.groupBy(monitoring?.windows ?? [], ({ prompt }) => prompt);
  return html`<section id="prompts"><h2>Prompts</h2>
${prompts.length === 0 ? html`<p class="lead">There are none.</p>` : null}
${prompts.map((prompt) => promptLine(prompt, states.get(prompt.id) ?? null, { use: uses.get(prompt.id) ?? null, windows: windows.get(prompt.id) ?? [] }))}
<p class="left-out" id="none-found" hidden>No prompt has this in its name.</p></section>`;
}

type Live = { readonly use: ProductionUse | null; readonly windows: readonly MonitoredWindow[] };

function promptLine(prompt: InventoryPrompt, state: RolloutState | null, live: Live): Markup {
  const { id, version, model, entries } = prompt;
  const newest = newestEntry(prompt);
  const interval = newest && intervalOf(newest.objective);
  return html`<details class="prompt" data-prompt="${id.toLowerCase()}"><summary><span class="name">${id} <span class="versions">${version === unreleased ? 'no version' : version}</span></span>
<span class="trend">${sparkline(entries)}</span>
<span class="score">${newest ? html`<strong>${formatValue(newest.objective.mean, 'ratio')}</strong> <span class="interval">${interval}</span>` : html`<span class="interval">never measured</span>`}</span>
<span class="served">${servedAs(state)}</span></summary>
<div class="inside"><p class="setting"><span>${model}</span> <span>${prompt.test ? `${countOf(prompt.test.n, 'test row')} in ${prompt.test.path}` : 'no test data'}</span></p>
${scoreChart(entries)}
${entries.length > 0 ? versionsTable(prompt) : null}
${live.use && productionFacts(live.use)}
${live.windows.length > 0 ? windowsTable(live.windows) : null}</div></details>`;
}

function servedAs(state: RolloutState | null): Markup | null {
  if (!state) return null;
  const { canary, stable, frozen } = state;
  const ice = frozen ? html` <span class="tag doubt">frozen</span>` : null;
  if (canary)
    return html`<span class="tag ${toneOfDecision(canary.decision)}">${canary.release.version} at ${canary.percent} %</span>${ice}`;
  return stable ? html`<span class="interval">serves ${stable.version}</span>${ice}` : ice;
}

function versionsTable({ id, entries }: InventoryPrompt): Markup {
  const shown = entries.slice(-SHOWN_VERSIONS).toReversed();
  const names = [...new Set(shown.flatMap(({ metrics }) => Object.keys(metrics)))].slice(0, SHOWN_METRICS);
  const older = entries.length - shown.length;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Versions"><table class="versions-table"><thead><tr><th scope="col">version</th><th scope="col">measured</th><th scope="col" class="number">rows</th><th scope="col" class="number">objective</th><th scope="col">95% interval</th>${names.map((name) => html`<th scope="col" class="number">${name}</th>`)}<th scope="col">model</th></tr></thead>
<tbody>${shown.map((entry, index) => versionRow(entry, names, shown[index + 1]))}</tbody></table></div>
${older > 0 ? html`<p class="left-out">${countOf(older, 'older version')} in scores/${id}.yaml.</p>` : null}`;
}

/** @param before the version above which it stands, for what changed in between */
function versionRow(
  { version, from, date, dataset, objective, metrics, model }: ScorebookEntry,
  names: readonly string[],
  before: ScorebookEntry | undefined,
): Markup {
  const isOtherData = before !== undefined && before.dataset.digest !== dataset.digest;
  return html`<tr${isOtherData ? html` class="other-data"` : null}><th scope="row">${version}${from === undefined ? null : html` <small>from ${from}</small>`}</th><td>${date}</td><td class="number">${formatCount(dataset.n)}</td><td class="number">${formatValue(objective.mean, 'ratio')}</td><td>${intervalOf(objective)}</td>${names.map((name) => html`<td class="number">${metricValue(metrics, name)}</td>`)}<td>${model}</td></tr>`;
}

/** A metric's unit is not in the scorebook: amounts lie above 1. */
function metricValue(metrics: ScorebookEntry['metrics'], name: string): string {
  const value = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  if (!value || value.mean === null) return noNumber;
  const { mean } = value;
  return mean >= 0 && mean <= 1 ? formatValue(mean, 'ratio') : mean.toLocaleString('en-US');
}

function intervalOf({ interval }: ScorebookEntry['objective']): string {
  const [low, high] = interval ?? [];
  return low === undefined || high === undefined ? noNumber : formatInterval([low, high], 'ratio');
}

function productionFacts(use: ProductionUse): Markup {
  const { failed, users, feedback, lastCall } = use;
  const facts = [
    ...usageFacts(use),
    { name: 'Failed', value: formatCount(failed) },
    { name: 'Users', value: formatCount(users) },
    {
      name: 'Disliked',
      value:
        feedback.users === 0
          ? noNumber
          : `${formatCount(feedback.disliked)} of ${countOf(feedback.users, 'user')}`,
    },
    { name: 'Last call', value: moment(lastCall) },
  ];
  return html`<h4>In production</h4><dl class="facts">${facts.map(({ name, value }) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function windowsTable(windows: readonly MonitoredWindow[]): Markup {
  const names = [...new Set(windows.flatMap(({ metrics }) => Object.keys(metrics)))].slice(0, SHOWN_METRICS);
  return html`<h4>By window</h4><div class="scroll" tabindex="0" role="region" aria-label="Windows"><table class="windows"><thead><tr><th scope="col">window</th><th scope="col">version</th><th scope="col">model</th><th scope="col" class="number">calls</th><th scope="col" class="number">users</th>${names.map((name) => html`<th scope="col" class="number">${name}, mean</th>`)}</tr></thead>
<tbody>${windows.map(({ from, to, version, model, calls, users, metrics }) => html`<tr><th scope="row">${moment(from)} to ${moment(to)}</th><td>${version}</td><td>${model}</td><td class="number">${formatCount(calls)}</td><td class="number">${formatCount(users)}</td>${names.map((name) => html`<td class="number">${Object.hasOwn(metrics, name) ? Number((metrics[name]?.mean ?? 0).toPrecision(3)).toLocaleString('en-US') : noNumber}</td>`)}</tr>`)}</tbody></table></div>`;
}
