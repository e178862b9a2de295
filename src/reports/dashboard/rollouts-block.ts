import { scaleLinear } from 'd3-scale';
import { alarmsOf } from '../../rollout/judge.ts';
import type { RolloutPlan } from '../../rollout/plan.ts';
import { odds } from '../../rollout/reasons.ts';
import type { Canary, Decision, MetricSummary, RolloutState } from '../../rollout/state.ts';
import type { Tone } from '../headline.ts';
import { percent } from '../html/axis.ts';
import { html, type Markup } from '../html/markup.ts';
import {
  countOf,
  formatCount,
  formatDifference,
  formatDifferenceInterval,
  formatValue,
  noNumber,
} from '../numbers.ts';
import { type RolloutInventory, withoutRollouts } from './dashboard.ts';
import { moment } from './moment.ts';

/** A hold that only takes its time is no reason to doubt. */
export function toneOfDecision(decision: Decision | null): Tone {
  if (decision?.kind === 'promote') return 'good';
  if (decision?.kind === 'revert') return 'bad';
  return alarmsOf(decision).length > 0 ? 'doubt' : 'neutral';
}

/** Rollouts that are under way: how far, the decision, and the evidence it rests on. */
export function rolloutsBlock(rollouts: RolloutInventory): Markup {
  const { states, plan } = rollouts;
  const missing = withoutRollouts(rollouts);
  const underWay = states.filter(({ canary, waiting }) => canary !== null || waiting !== null);
  const others = states.filter((state) => state.stable !== null && !underWay.includes(state)).length;
  return html`<section id="rollouts"><h2>Rollouts</h2>
${
  missing !== null
    ? html`<p class="lead">${missing}</p>`
    : html`${underWay.length === 0 ? html`<p class="lead">No rollout is under way.</p>` : underWay.map((state) => rollout(state, plan))}
${others > 0 ? html`<p class="left-out">${countOf(others, 'prompt')} with one version for everybody.</p>` : null}`
}</section>`;
}

function rollout(
  { prompt, stable, canary, waiting, frozen }: RolloutState,
  plan: RolloutPlan | null,
): Markup {
  const others = stable ? `${stable.version} for the others` : 'nothing for the others';
  return html`<article class="rollout" data-prompt="${prompt.toLowerCase()}"><h3>${prompt} ${canary && html`<span class="versions">${canary.release.version}</span>`}</h3>
${canary && html`${steps(canary, plan)}<p class="lead">${canary.percent} % of users since ${moment(canary.stepSince)}, ${others}</p>`}
${waiting && html`<p class="lead">${waiting.version} waits to begin.</p>`}
${frozen && html`<p class="doubt"><span class="tag">frozen</span> by ${frozen.by} since ${moment(frozen.at)}: ${frozen.reason}</p>`}
${canary && decisionOf(canary)}</article>`;
}

/** The share of users, with the steps of the plan. */
function steps({ percent: share }: Canary, plan: RolloutPlan | null): Markup {
  const ends = plan?.steps.map((step) => step.percent) ?? [];
  return html`<svg class="steps" height="26" role="img"><title>${share} % of users${ends.length > 0 ? `; steps at ${ends.join(', ')} %` : ''}</title>
<rect class="rest" x="0" y="0" width="100%" height="8" rx="4"/><rect class="reached" x="0" y="0" width="${percent(share)}" height="8" rx="4"/>
${ends.map((end) => html`<text x="${percent(end)}" y="24" text-anchor="${end > 95 ? 'end' : 'middle'}">${end} %</text>`)}</svg>`;
}

function decisionOf({ decision, evidence }: Canary): Markup {
  if (!decision) return html`<p>Nothing is known yet.</p>`;
  const { kind, reasons } = decision;
  const metrics = Object.entries(decision.evidence.metrics);
  const { control, canary } = evidence.arrivals;
  return html`<p class="${toneOfDecision(decision)}"><span class="tag">${kind}</span></p><ul class="reasons">${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
<div class="scroll" tabindex="0" role="region" aria-label="Evidence"><table class="rollout-evidence"><thead><tr>${['metric', 'canary', 'control'].map((name, index) => html`<th scope="col"${index > 0 ? html` class="number"` : null}>${name}</th>`)}<th scope="col" class="strip">difference, 95% at all times</th>${['users', 'harm', 'not inferior'].map((name) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
<tbody>${metrics.map(([name, summary]) => metricRow(name, summary, metrics))}</tbody></table></div>
<p class="footnote">Values are in [0, 1] after scaling, higher is better. At this step ${formatCount(canary)} of ${countOf(canary + control, 'new user')} were in the canary.</p>`;
}

function metricRow(
  name: string,
  summary: MetricSummary,
  all: readonly (readonly [string, MetricSummary])[],
): Markup {
  const { counted, mean, difference, harm, nonInferiority } = summary;
  const cell = (label: string, text: string) => html`<td class="number" data-label="${label}">${text}</td>`;
  return html`<tr><th scope="row">${name}</th>${cell('canary', formatValue(mean?.canary ?? null, 'ratio'))}${cell('control', formatValue(mean?.control ?? null, 'ratio'))}
<td class="strip">${difference ? interval(difference, all) : noNumber}</td>${cell('users', `${formatCount(counted.canary)}, ${formatCount(counted.control)}`)}${cell('harm', odds(harm))}${cell('not inferior', odds(nonInferiority))}</tr>`;
}

type Difference = NonNullable<MetricSummary['difference']>;

/** A difference with its interval, on one scale for all metrics of a rollout. */
function interval({ mean, half }: Difference, all: readonly (readonly [string, MetricSummary])[]): Markup {
  const ends = all.flatMap(([, { difference }]) =>
    difference ? [Math.abs(difference.mean) + difference.half] : [],
  );
  const widest = Math.max(0.05, ...ends);
  const x = scaleLinear().domain([-widest, widest]).range([2, 98]);
  const bounds = formatDifferenceInterval([mean - half, mean + half], 'ratio');
  const tone = mean + half < 0 ? 'bad' : mean - half > 0 ? 'good' : 'neutral';
  return html`<svg class="difference ${tone}" height="16" role="img"><title>${formatDifference(mean, 'ratio')} (${bounds})</title>
<line class="zero" x1="50%" x2="50%" y1="0" y2="16"/><line class="whisker" x1="${percent(x(mean - half))}" x2="${percent(x(mean + half))}" y1="8" y2="8"/><circle class="dot" cx="${percent(x(mean))}" cy="8" r="4"/></svg>
<span class="said">${formatDifference(mean, 'ratio')} (${bounds})</span>`;
}
