import type { MonitoringReport } from '../../monitoring/monitor.ts';
import { type Dashboard, newestEntry } from '../../reports/dashboard/dashboard.ts';
import { monitoringDocument } from '../../reports/monitoring/document.ts';

/**
 * `status --json`, which others build on: of each prompt the newest entry of its scorebook, of each rollout where it stands.
 *
 * @param monitored null where no telemetry is configured
 */
export function documentOf(dashboard: Dashboard, monitored: MonitoringReport | null) {
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
    monitoring: monitored && monitoringDocument(monitored),
    runs,
    recommendations,
    problems,
  };
}
