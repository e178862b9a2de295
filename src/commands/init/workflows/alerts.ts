import { aboutAlerts, aboutTelemetry, checkout, promptline, type WorkflowSettings } from './parts.ts';

/** `promptline-alerts.yml`: tells of what goes wrong in production. */
export function alertsWorkflow(settings: WorkflowSettings): string {
  const status = promptline(settings, {
    inputs: ['command: status --alert', `github-token: \${{ github.token }}`],
  });
  return `# Written by \`promptline init\`. Looks at production: opens an issue when an alert fires, and closes it when the alert is resolved. It
# does nothing until the repository's variable PROMPTLINE_ALERTS is \`true\`: set it when the job below can read your telemetry.
name: promptline alerts
on:
  schedule:
    - cron: "11,26,41,56 * * * *" # UTC. At full hours GitHub is busy and drops runs.
  workflow_dispatch:

# Nothing by default: each job names what it needs.
permissions: {}

# One tells, at most one waits.
concurrency:
  group: promptline-alerts
  cancel-in-progress: false

jobs:
  alerts:
    if: \${{ vars.PROMPTLINE_ALERTS == 'true' }}
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read # to check the repository out, and to read the branch with the state of rollouts
      issues: write # to open the issue of an alert, and to close it
    steps:
${[checkout({ history: false }), aboutTelemetry, status, ...aboutAlerts].join('\n')}
`;
}
