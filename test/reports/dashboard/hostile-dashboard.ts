import type { Dashboard } from '../../../src/reports/dashboard/dashboard.ts';
import { at, dashboard, entry, frozen, prompt, underWay, use } from './inventory-fixture.ts';

/** A dashboard in which every text that a stranger may write is this one. */
export function hostileDashboard(text: string): Dashboard {
  const running = underWay('fixture', 0.84);
  const ice = frozen('other');
  const decision = running.canary?.decision;
  const metrics = decision && Object.values(decision.evidence.metrics)[0];
  const value = { mean: 0.5, interval: [0.4, 0.6], n: 10 };
  return dashboard({
    repository: text,
    prompts: [
      prompt({
        id: text,
        version: '9.0.0',
        model: text,
        path: text,
        test: { path: text, digest: 'a'.repeat(64), n: 3 },
        entries: [
          entry({ version: text, model: text, date: text, from: text, metrics: { [text]: value } }),
          entry({ version: '9.0.0', model: text, dataset: { path: text, digest: 'b'.repeat(64), n: 3 } }),
        ],
      }),
    ],
    rollouts: {
      plan: null,
      problem: null,
      states: [
        {
          ...running,
          prompt: text,
          stable: running.stable && { ...running.stable, version: text },
          waiting: running.stable && { ...running.stable, version: text },
          frozen: { at: '2026-01-01T00:00:00.000Z', by: text, reason: text },
          canary:
            running.canary && decision && metrics
              ? {
                  ...running.canary,
                  release: { ...running.canary.release, version: text },
                  decision: {
                    ...decision,
                    causes: ['harm'],
                    reasons: [text],
                    evidence: { sampleRatio: null, metrics: { [text]: metrics } },
                  },
                }
              : null,
        },
        { ...ice, frozen: ice.frozen && { ...ice.frozen, by: text, reason: text } },
      ],
    },
    production: {
      since: text,
      window: { from: text, to: text },
      unnamed: 0,
      uses: [use({ prompt: text, lastCall: text, feedback: { users: 100, disliked: 90 } })],
    },
    monitoring: {
      windows: [
        {
          prompt: text,
          version: text,
          model: text,
          from: at,
          to: at,
          calls: 1,
          users: 1,
          metrics: { [text]: { mean: 1, p95: 1 } },
        },
      ],
      alerts: [{ prompt: text, state: 'firing', since: text, title: text, reasons: [text] }],
    },
    runs: [{ prompt: text, calls: 1, inputTokens: 1, outputTokens: 1, usd: null }],
    problems: [text],
  });
}
