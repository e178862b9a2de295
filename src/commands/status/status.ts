import path from 'node:path';
import { writeWhole } from '../../files/read-write.ts';
import { type Dashboard, newestEntry } from '../../reports/dashboard/dashboard.ts';
import { dashboardHtml } from '../../reports/dashboard/page.ts';
import { recommendationsOf } from '../../reports/dashboard/recommendations.ts';
import { renderDashboard } from '../../reports/dashboard/terminal.ts';
import type { Host } from '../context.ts';
import { shownFromHere } from '../session.ts';
import type { Workspace } from '../workspace.ts';
import { takeInventory } from './inventory.ts';

export type StatusOptions = {
  /** File for the page; none where it is not asked for. */
  readonly html?: string | undefined;
  readonly json: boolean;
};

/** Shows everything at a glance, and writes the page where one is asked for. */
export async function runStatus(
  host: Host,
  workspace: Workspace,
  { html, json }: StatusOptions,
): Promise<void> {
  const { terminal } = host;
  const inventory = await takeInventory(host, workspace);
  const dashboard = { ...inventory, recommendations: recommendationsOf(inventory) };
  if (html !== undefined) writeWhole(path.resolve(html), dashboardHtml(dashboard));
  host.onResult?.({ recommendations: dashboard.recommendations });
  if (json) terminal.out(`${JSON.stringify(documentOf(dashboard))}\n`);
  else terminal.out(`${renderDashboard(dashboard, terminal.columns)}\n`);
  const say = json ? terminal.note : (line: string) => terminal.out(`${line}\n`);
  if (html !== undefined) say(`Page  ${shownFromHere(path.resolve(html))}`);
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
