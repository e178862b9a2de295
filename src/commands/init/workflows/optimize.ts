import {
  aboutKeys,
  aboutTelemetry,
  checkout,
  download,
  promptline,
  restore,
  results,
  save,
  upload,
  type WorkflowSettings,
} from './parts.ts';

/** `promptline-optimize.yml`: improves what is due, and proposes it by pull request. */
export function optimizeWorkflow(settings: WorkflowSettings): string {
  const { folder } = settings;
  const due = promptline(settings, {
    id: 'triggers',
    inputs: ['command: triggers', `ids: \${{ inputs.ids }}`],
  });
  const optimize = promptline(settings, {
    asks: true,
    inputs: [
      'command: optimize',
      `ids: \${{ matrix.ids }}`,
      'minutes: 300 # a job ends after six hours; this ends in order before',
      `out: ${folder}${results}`,
    ],
  });
  const propose = promptline(settings, {
    inputs: [
      'command: propose',
      `dir: ${folder}${results}`,
      "# A pull request opened with the workflow's own token starts no workflows, so nothing would measure it. Store as",
      '# PROMPTLINE_TOKEN a token that may write contents and pull requests: of a GitHub App (actions/create-github-app-token',
      '# makes one in a step before this), or a fine-grained personal one.',
      `github-token: \${{ secrets.PROMPTLINE_TOKEN || github.token }}`,
    ],
  });
  return `# Written by \`promptline init\`. Searches for better versions of the prompts that are due, each in a job of its own, and proposes
# what is proven by pull request.
name: promptline optimize
on:
  schedule:
    - cron: "23 3 * * *" # UTC. At full hours GitHub is busy and drops runs.
  workflow_dispatch:
    inputs:
      ids:
        description: Prompts, as family/name, separated by spaces; what is due by default.
        required: false
        type: string

# Nothing by default: each job names what it needs.
permissions: {}

# Runs wait for each other and none is dropped.
concurrency:
  group: promptline-optimize
  queue: max
  cancel-in-progress: false

jobs:
  due:
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: read # to check the repository out
    outputs:
      matrix: \${{ steps.triggers.outputs.matrix }}
      at-once: \${{ steps.triggers.outputs.at-once }}
    steps:
${[checkout({ history: true }), aboutTelemetry, due].join('\n')}

  optimize:
    name: optimize \${{ matrix.family }}
    needs: due
    # A matrix without entries would fail.
    if: \${{ contains(needs.due.outputs.matrix, '"ids"') }}
    runs-on: ubuntu-latest
    timeout-minutes: 340
    strategy:
      fail-fast: false # one family's failure is no other's
      max-parallel: \${{ fromJSON(needs.due.outputs.at-once) }}
      matrix: \${{ fromJSON(needs.due.outputs.matrix) }}
    permissions:
      contents: read # to check the repository out; the job that holds keys writes nothing
    steps:
${[
  checkout({ history: false }),
  restore(settings),
  optimize,
  ...aboutKeys(settings),
  save(settings),
  upload(`promptline-\${{ strategy.job-index }}`, `${folder}${results}`),
].join('\n')}

  propose:
    needs: optimize
    # What other families found is proposed when one of them failed.
    if: \${{ !cancelled() && needs.optimize.result != 'skipped' }}
    runs-on: ubuntu-latest
    timeout-minutes: 10
    permissions:
      contents: write # to push the branch of a proposal
      pull-requests: write # to open its pull request
    steps:
${[checkout({ history: true }), download('pattern: promptline-*', `path: ${folder}${results}`), propose].join(
  '\n',
)}
`;
}
