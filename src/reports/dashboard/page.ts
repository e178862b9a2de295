import { html, type Markup } from '../html/markup.ts';
import { pageOf } from '../html/page.ts';
import { style } from '../html/style.ts';
import { formatCount, formatDollars } from '../numbers.ts';
import { alertsOf, type DashboardAlert } from './alerts.ts';
import { alertsBlock } from './alerts-block.ts';
import { type Dashboard, totalOf } from './dashboard.ts';
import { moment } from './moment.ts';
import { promptsBlock } from './prompts-block.ts';
import { recommendationsBlock } from './recommendations-block.ts';
import { rolloutsBlock } from './rollouts-block.ts';
import { script } from './script.ts';
import { spendBlock } from './spend-block.ts';
import { dashboardStyle } from './style.ts';

/**
 * The state of a repository's prompts as one page that needs nothing else: no request, light and dark. Everything can be read without
 * JavaScript; with it, a box filters by name.
 */
export function dashboardHtml(dashboard: Dashboard): string {
  const { repository, at, problems, recommendations } = dashboard;
  const alerts = alertsOf(dashboard);
  return pageOf({
    title: `Prompts of ${repository}`,
    style: style + dashboardStyle,
    script,
    body: html`<h1>Prompts of ${repository}</h1>
<p class="setting">As of ${moment(at)} UTC</p>
${glance(dashboard, alerts)}
${problems.length > 0 ? html`<ul class="problems">${problems.map((problem) => html`<li>${problem}</li>`)}</ul>` : null}
<form class="filter" hidden><input id="filter" type="search" placeholder="Show prompts with this in their name" aria-label="Show prompts with this in their name" autocomplete="off"></form>
${recommendationsBlock(recommendations)}
${alertsBlock(alerts)}
${rolloutsBlock(dashboard.rollouts)}
${promptsBlock(dashboard)}
${spendBlock(dashboard)}
<footer>Made by <code>promptline status</code>. Scores are of the scorebooks, on the test split, with 95% intervals.</footer>`,
  });
}

/** The numbers to begin with, each a link to its part. */
function glance(
  { prompts, rollouts, production, recommendations }: Dashboard,
  alerts: readonly DashboardAlert[],
): Markup {
  const open = alerts.filter(({ isOpen }) => isOpen).length;
  const underWay = rollouts.states.filter(({ canary }) => canary !== null).length;
  const spent = production && totalOf(production.uses).usd;
  const figures = [
    { name: 'Prompts', value: formatCount(prompts.length), to: '#prompts', tone: '' },
    {
      name: 'Rollouts under way',
      value:
        rollouts.problem !== null ? 'not known' : rollouts.plan === null ? 'none' : formatCount(underWay),
      to: '#rollouts',
      tone: '',
    },
    { name: 'Alerts', value: formatCount(open), to: '#alerts', tone: open > 0 ? 'bad' : '' },
    { name: 'Recommendations', value: formatCount(recommendations.length), to: '#next', tone: '' },
    ...(production
      ? [{ name: 'Spent in production', value: formatDollars(spent), to: '#spend', tone: '' }]
      : []),
  ];
  return html`<dl class="glance">${figures.map(({ name, value, to, tone }) => html`<div class="${tone}"><dt>${name}</dt><dd><a href="${to}">${value}</a></dd></div>`)}</dl>`;
}
