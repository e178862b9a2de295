import path from 'node:path';
import type { Command } from 'commander';
import { writeWhole } from '../../files/read-write.ts';
import type { Dashboard } from '../../reports/dashboard/dashboard.ts';
import { newestEntry } from '../../reports/dashboard/dashboard.ts';
import { dashboardHtml } from '../../reports/dashboard/page.ts';
import { recommendationsOf } from '../../reports/dashboard/recommendations.ts';
import { renderDashboard } from '../../reports/dashboard/terminal.ts';
import { type CommonOptions, examples, option, withCommonOptions } from '../command-options.ts';
import { type Context, workspaceOf } from '../context.ts';
import { shownFromHere } from '../session.ts';
import { takeInventory } from '../status/inventory.ts';

/** `promptline status`. */
export function addStatus(program: Command, { host }: Context): void {
  withCommonOptions(program.command('status'))
    .description('everything at a glance: versions, scores, rollouts, alerts, and what to do next')
    .addOption(option('--html <file>', 'write it as a page, for a browser or GitHub Pages'))
    .addHelpText('after', examples('promptline status', 'promptline status --html status.html'))
    .action(async ({ html, json, ...options }: CommonOptions & { html?: string }) => {
      const inventory = await takeInventory(host, workspaceOf(host, options));
      const dashboard = { ...inventory, recommendations: recommendationsOf(inventory) };
      const { terminal } = host;
      if (html !== undefined) writeWhole(path.resolve(html), dashboardHtml(dashboard));
      host.onResult?.({ recommendations: dashboard.recommendations });
      if (json) terminal.out(`${JSON.stringify(documentOf(dashboard))}\n`);
      else terminal.out(`${renderDashboard(dashboard, terminal.columns)}\n`);
      const say = json ? terminal.note : (line: string) => terminal.out(`${line}\n`);
      if (html !== undefined) say(`Page  ${shownFromHere(path.resolve(html))}`);
    });
}

/** What others build on: of each prompt the newest entry of its scorebook, of each rollout where it stands. */
function documentOf(dashboard: Dashboard) {
  const { at, repository, prompts, rollouts, production, runs, recommendations, problems } = dashboard;
  return {
    schema: 1,
    command: 'status',
    at,
    repository,
    prompts: prompts.map((prompt) => ({
      id: prompt.id,
      version: prompt.version,
      model: prompt.model,
      measured: prompt.entries.length,
      newest: newestEntry(prompt),
    })),
    rollouts: {
      problem: rollouts.problem,
      prompts: rollouts.states.map(({ prompt, stable, canary, waiting, frozen }) => ({
        prompt,
        stable: stable?.version ?? null,
        canary: canary?.release.version ?? null,
        percent: canary?.percent ?? null,
        decision: canary?.decision ?? null,
        waiting: waiting?.version ?? null,
        frozen,
      })),
    },
    production,
    runs,
    recommendations,
    problems,
  };
}
