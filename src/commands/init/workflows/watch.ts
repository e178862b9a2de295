import { aboutAlerts, aboutTelemetry, checkout, promptline, type WorkflowSettings } from './parts.ts';

const file = 'promptline-watch.yml';

/** `promptline-watch.yml`: judges rollouts while they last, one job for each step. */
export function watchWorkflow(settings: WorkflowSettings): string {
  const watch = promptline(settings, {
    id: 'watch',
    inputs: [
      'command: watch # `watch --no-promote` leaves the next step to promptline-advance.yml, where people approve it',
      'minutes: 330 # a job ends after six hours; this ends in order before, and the next one goes on',
      `github-token: \${{ github.token }}`,
    ],
  });
  return `# Written by \`promptline init\`. Judges rollouts by live telemetry: advances, holds, reverts. It does nothing until the repository's
# variable PROMPTLINE_WATCH is \`true\`: set it when the job below can read your telemetry. The same command runs as a daemon
# elsewhere, as \`promptline watch --follow\`.
name: promptline watch
on:
  workflow_run:
    workflows: ["promptline release"]
    types: [completed]
  repository_dispatch:
    types: [promptline-watch]
  workflow_dispatch:
  schedule:
    - cron: "7,22,37,52 * * * *" # Only for a watch that died: one that runs keeps others waiting.

# Nothing by default: each job names what it needs.
permissions: {}

# One watches, at most one waits.
concurrency:
  group: promptline-watch
  cancel-in-progress: false

jobs:
  watch:
    if: \${{ vars.PROMPTLINE_WATCH == 'true' }}
    runs-on: ubuntu-latest
    timeout-minutes: 350
    permissions:
      contents: write # to write the branch with the state of rollouts, tags of their steps, and the branch that restores a prompt
      issues: write # to open the issue of a revert
      pull-requests: write # to open the pull request that restores a prompt
    outputs:
      under-way: \${{ steps.watch.outputs.under-way }}
      ready: \${{ steps.watch.outputs.ready }}
    steps:
${checkout({ history: false })}
      # Bring telemetry to where \`telemetry.sources\` looks for it, again and again while the next step runs, such as
      # - run: while true; do aws s3 sync s3://BUCKET/telemetry telemetry; sleep 10; done &
      # Or take a runner of your own (\`runs-on\`), beside the collector.
${watch}
${aboutAlerts.join('\n')}

  next:
    needs: watch
    # After a revert of one prompt, too, the others are watched further.
    if: \${{ !cancelled() && contains(needs.watch.outputs.under-way, '/') }}
    runs-on: ubuntu-latest
    timeout-minutes: 5
    permissions:
      actions: write # to start the watch of the next step
    env:
      GH_TOKEN: \${{ github.token }}
      GH_REPO: \${{ github.repository }}
    steps:
      - run: gh workflow run ${file}
      - if: \${{ contains(needs.watch.outputs.ready, '/') }}
        run: gh workflow run promptline-advance.yml
`;
}

/** `promptline-advance.yml`: takes a step that is due, when people have approved it. */
export function advanceWorkflow(settings: WorkflowSettings): string {
  const watch = promptline(settings, {
    inputs: ['command: watch --once', `github-token: \${{ github.token }}`],
  });
  return `# Written by \`promptline init\`. Takes the next step of rollouts whose evidence is there, for a watch with \`--no-promote\`. Give the
# environment \`promptline\` required reviewers: the job waits for them. Reverts never do.
name: promptline advance
on:
  workflow_dispatch:

# Nothing by default: each job names what it needs.
permissions: {}

jobs:
  advance:
    runs-on: ubuntu-latest
    environment: promptline
    timeout-minutes: 20
    permissions:
      contents: write # to write the branch with the state of rollouts, and tags of their steps
      issues: write # to open the issue of a revert
      pull-requests: write # to open the pull request that restores a prompt
    steps:
${checkout({ history: false })}
${aboutTelemetry}
${watch}
`;
}

/** `promptline-revert.yml`: the emergency, without a queue or a gate. */
export function revertWorkflow(settings: WorkflowSettings): string {
  const revert = promptline(settings, {
    inputs: [
      'command: rollout revert --emergency',
      `ids: \${{ inputs.prompt || github.event.client_payload.prompt }}`,
      `reason: \${{ inputs.reason || github.event.client_payload.reason || 'an emergency' }}`,
      `github-token: \${{ github.token }}`,
    ],
  });
  return `# Written by \`promptline init\`. Takes a prompt's newest version back and freezes it, at once: by hand, or by a request of a monitor,
# \`POST /repos/OWNER/NAME/dispatches\` with {"event_type": "promptline-revert", "client_payload": {"prompt": "family/name", "reason": "..."}}.
name: promptline revert
on:
  workflow_dispatch:
    inputs:
      prompt:
        description: The prompt, as family/name.
        required: true
        type: string
      reason:
        description: Why, for the log.
        required: true
        type: string
  repository_dispatch:
    types: [promptline-revert]

# Nothing by default: each job names what it needs.
permissions: {}

jobs:
  revert:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: write # to write the branch with the state of rollouts, the tag of the revert, and the branch that restores the prompt
      issues: write # to open the issue of the revert
      pull-requests: write # to open the pull request that restores the prompt
    steps:
${[checkout({ history: false }), revert].join('\n')}
`;
}
