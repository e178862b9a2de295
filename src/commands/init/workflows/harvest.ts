import { aboutTelemetry, checkout, promptline, type WorkflowSettings } from './parts.ts';

/** `promptline-harvest.yml`: proposes rows for the datasets from what production was asked. */
export function harvestWorkflow(settings: WorkflowSettings): string {
  const harvest = promptline(settings, {
    inputs: [
      'command: harvest',
      'since: 7d',
      '# As in promptline-optimize.yml: with a token of its own, the pull request is measured.',
      `github-token: \${{ secrets.PROMPTLINE_TOKEN || github.token }}`,
    ],
  });
  return `# Written by \`promptline init\`. Proposes rows for the datasets from what production was asked, by pull request. Personal data is taken
# out as far as it is found: read every row before the merge. It does nothing until the repository's variable PROMPTLINE_HARVEST is
# \`true\`: set it when the job below can read your telemetry, and users' texts may be read by all who read this repository.
name: promptline harvest
on:
  schedule:
    - cron: "53 2 * * *" # UTC. At full hours GitHub is busy and drops runs.
  workflow_dispatch:

# Nothing by default: each job names what it needs.
permissions: {}

# One proposes, at most one waits.
concurrency:
  group: promptline-harvest
  cancel-in-progress: false

jobs:
  harvest:
    if: \${{ vars.PROMPTLINE_HARVEST == 'true' }}
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: write # to push the branch with new rows
      pull-requests: write # to open its pull request
    steps:
${[checkout({ history: false }), aboutTelemetry, harvest].join('\n')}
`;
}
